package dev.hawser.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which characters are made visible in a log. */
class ControlCharactersTests {

	@Test
	void leavesTextAsItIs() {
		String text = "Grüße, 世界 \ud83d\ude00 ~ \u00a0";
		assertThat(ControlCharacters.escape(text)).isSameAs(text);
		assertThat(ControlCharacters.escape("")).isEmpty();
	}

	@Test
	void showsControlCharactersOfSevenBits() {
		assertThat(ControlCharacters.escape("a\u0000\u001b[31m\u007fb")).isEqualTo("a\\u0000\\u001b[31m\\u007fb");
		assertThat(ControlCharacters.escape("a\r\n\tb")).isEqualTo("a\\r\\n\\tb");
	}

	@Test
	void showsControlCharactersOfEightBits() {
		assertThat(ControlCharacters.escape("\u0080a\u009b31mb\u0085\u009f")).isEqualTo("\\u0080a\\u009b31mb\\u0085\\u009f");
	}

	@Test
	void showsWhatBreaksOrTurnsLines() {
		assertThat(ControlCharacters.escape("a\u2028b\u2029c\u202ed\u2066e\u2069")).isEqualTo("a\\u2028b\\u2029c\\u202ed\\u2066e\\u2069");
	}

	@Test
	void keepsTheCharactersThatItIsToldToKeep() {
		assertThat(ControlCharacters.escape("a\n\tb\r\u001bc", "\n\t")).isEqualTo("a\n\tb\\r\\u001bc");
	}
}
