package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 section 5.6: lists, tokens, quoted strings. */
class FieldReaderTests {

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
			a,b              ~ a|b
			a , b            ~ a | b
			``               ~ ``
			,                ~ |
			"a,b",c          ~ "a,b"|c
			x="a\\",b",c     ~ x="a\\",b"|c
			x="a\\\\",c      ~ x="a\\\\"|c
			x="a\\",c        ~ x="a\\",c
			a\\,b            ~ a\\|b
			a"b,c            ~ a"b,c
			"a\\             ~ "a\\
			"",""            ~ ""|""
			""")
	void splitsOutsideOfQuotedStrings(String text, String parts) {
		assertThat(FieldReader.split(text, ',')).isEqualTo(Arrays.asList(parts.split("\\|", -1)));
	}

	@Test
	void knowsTheCharactersOfTokens() {
		String delimiters = "(),/:;<=>?@[\\]{}\" \t";
		for (int c = -1; c < 300; c++) {
			assertThat(FieldReader.isTokenChar(c)).as("character %d", c).isEqualTo(c > 31 && c < 127 && delimiters.indexOf(c) < 0);
		}
	}

	@Test
	void readsFromLeftToRight() {
		FieldReader reader = new FieldReader(" \t name=\"a\\\"b\\\\\";x:1");
		reader.skipBlanks();
		assertThat(reader.token("")).isEqualTo("name");
		assertThat(reader.skip('=') && reader.skip('"')).isTrue();
		assertThat(reader.quoted()).isEqualTo("a\"b\\");
		assertThat(reader.skip(',')).isFalse();
		assertThat(reader.skip(';')).isTrue();
		assertThat(reader.token(":")).isEqualTo("x:1");
		assertThat(reader.atEnd()).isTrue();
		assertThat(reader.token("")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "\\", "\\\"", "a\\\\\\\"" })
	void refusesAQuotedStringThatDoesNotEnd(String rest) {
		assertThatIllegalArgumentException().isThrownBy(new FieldReader(rest)::quoted);
	}

	@Test
	void leavesWhatFollowsAQuotedString() {
		FieldReader reader = new FieldReader("a\"b");
		assertThat(List.of(reader.quoted(), reader.token(""))).containsExactly("a", "b");
	}
}
