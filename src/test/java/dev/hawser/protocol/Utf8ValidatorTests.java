package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8ValidatorTests {

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex.replace(" ", ""));
	}

	private static boolean valid(byte[] bytes) {
		Utf8Validator validator = new Utf8Validator();
		return validator.accept(bytes, 0, bytes.length) && validator.complete();
	}

	/** Index of the byte at which the validator gives up; -1 when it does not. */
	private static int failsAt(byte[] bytes) {
		Utf8Validator validator = new Utf8Validator();
		for (int i = 0; i < bytes.length; i++) {
			if (!validator.accept(bytes, i, 1)) {
				return i;
			}
		}
		return -1;
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({
			"nothing, ''",
			"first of one byte (U+0000), 00", "last of one byte (U+007F), 7F",
			"first of two bytes (U+0080), C2 80", "last of two bytes (U+07FF), DF BF",
			"first of three bytes (U+0800), E0 A0 80", "last of three bytes (U+FFFF), EF BF BF",
			"last before the surrogates (U+D7FF), ED 9F BF", "first after the surrogates (U+E000), EE 80 80",
			"first of four bytes (U+10000), F0 90 80 80", "last of all (U+10FFFF), F4 8F BF BF",
			"byte order mark (U+FEFF), EF BB BF", "not a character (U+FFFE), EF BF BE",
			"all lengths together, 41 C3 A9 E2 82 AC F0 9F 98 80 7A" })
	void acceptsWhatIsUtf8HoweverItIsCut(String label, String hex) {
		byte[] bytes = bytes(hex);
		assertThat(valid(bytes)).isTrue();
		for (int cut = 0; cut <= bytes.length; cut++) {
			Utf8Validator validator = new Utf8Validator();
			assertThat(validator.accept(bytes, 0, cut)).as("%s cut at %d", label, cut).isTrue();
			assertThat(validator.accept(bytes, cut, bytes.length - cut)).as("%s cut at %d", label, cut).isTrue();
			assertThat(validator.complete()).as("%s cut at %d", label, cut).isTrue();
		}
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({
			"lone continuation 80, 80, 0", "lone continuation BF, 41 BF, 1",
			"overlong slash in two bytes, C0 AF, 0", "overlong in two bytes (C1), C1 BF, 0",
			"overlong slash in three bytes, E0 80 AF, 1", "last overlong of three bytes, E0 9F BF, 1",
			"overlong slash in four bytes, F0 80 80 AF, 1", "last overlong of four bytes, F0 8F BF BF, 1",
			"first surrogate, ED A0 80, 1", "last surrogate, ED BF BF, 1", "pair of surrogates, ED A0 80 ED B0 80, 1",
			"first above U+10FFFF, F4 90 80 80, 1", "lead F5, F5 80 80 80, 0", "lead F8 of five bytes, F8 88 80 80 80, 0",
			"lead FC of six bytes, FC 84 80 80 80 80, 0", "FE, FE, 0", "FF, FF, 0",
			"second of two is ASCII, C3 41, 1", "third of three is ASCII, E2 82 41, 2", "fourth of four is a lead, F0 9F 98 C3, 3",
			"good text before it, 61 C3 A9 FF, 3" })
	void failsAtTheFirstImpossibleByte(String label, String hex, int at) {
		assertThat(failsAt(bytes(hex))).isEqualTo(at);
		assertThat(valid(bytes(hex))).isFalse();
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "one of two, C3", "one of three, E2", "two of three, E2 82", "one of four, F0", "two of four, F0 9F",
			"three of four, F0 9F 98", "after good text, 61 62 C3" })
	void isIncompleteWithinACodePoint(String label, String hex) {
		assertThat(failsAt(bytes(hex))).as("no byte of it is impossible").isEqualTo(-1);
		assertThat(valid(bytes(hex))).isFalse();
	}

	@Test
	void agreesWithTheJdkOnEveryCodePoint() {
		for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
			if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
				assertThat(valid(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8))).isTrue();
			}
		}
	}

	@Test
	void agreesWithTheJdkOnEveryThreeBytes() {
		int[] interesting = { 0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
				0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFC, 0xFE, 0xFF };
		for (int a = 0; a < 256; a++) {
			for (int b : interesting) {
				for (int c : interesting) {
					byte[] bytes = { (byte) a, (byte) b, (byte) c };
					assertThat(valid(bytes)).as("%02x %02x %02x", a, b, c).isEqualTo(jdk(bytes));
				}
			}
		}
	}

	@Test
	void agreesWithTheJdkOnRandomBytes() {
		Random random = new Random(3);
		int[] likely = { 0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4 };
		int accepted = 0;
		for (int round = 0; round < 200_000; round++) {
			byte[] bytes = new byte[random.nextInt(9)];
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : likely[random.nextInt(likely.length)]);
			}
			boolean expected = jdk(bytes);
			accepted += expected ? 1 : 0;
			assertThat(valid(bytes)).as(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
		}
		assertThat(accepted).as("valid ones among the random strings").isBetween(1000, 199_000);
	}

	private static boolean jdk(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException e) {
			return false;
		}
	}
}
