package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** {@link Utf8Validator} against the JDK's decoder and {@link NaiveUtf8}: on all code points, and on random text, whole and spoilt. */
class Utf8DifferentialTests {
	/** Bytes at the limits of the ranges in the rules of UTF-8. */
	private static final int[] TELLING = { 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
			0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF };

	@Test
	void acceptsEveryCodePointAndNoSurrogate() {
		for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++) {
			boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
			byte[] bytes = new byte[16];
			ByteBuffer out = ByteBuffer.wrap(bytes);
			while (out.remaining() >= 4) {
				put(out, codePoint);
			}
			if (accepts(bytes, bytes.length) == surrogate) {
				throw new AssertionError("U+" + Integer.toHexString(codePoint));
			}
		}
	}

	@Test
	void judgesEveryTwoBytesAlikeInFrontOfEachContinuation() {
		byte[] bytes = new byte[16];
		for (int two = 0; two < 1 << 16; two++) {
			for (int continuations = 0; continuations <= 2; continuations++) {
				Arrays.fill(bytes, (byte) 'x');
				Arrays.fill(bytes, 2, 2 + continuations, (byte) 0x80);
				bytes[0] = (byte) (two >> 8);
				bytes[1] = (byte) two;
				if (accepts(bytes, bytes.length) != NaiveUtf8.isWhole(bytes)) {
					throw new AssertionError(HexFormat.of().formatHex(bytes));
				}
			}
		}
	}

	@Test
	void judgesFourTellingBytesAlikeWhereverTheyStand() {
		for (int at = 0; at < 9; at++) {
			byte[] bytes = "abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII);
			for (int first : TELLING) {
				for (int second : TELLING) {
					for (int third : TELLING) {
						for (int fourth : TELLING) {
							bytes[at] = (byte) first;
							bytes[at + 1] = (byte) second;
							bytes[at + 2] = (byte) third;
							bytes[at + 3] = (byte) fourth;
							if (accepts(bytes, bytes.length) != NaiveUtf8.isWhole(bytes)) {
								throw new AssertionError(HexFormat.of().formatHex(bytes));
							}
						}
					}
				}
			}
		}
	}

	@RepeatedTest(50)
	void judgesRandomTextAlikeHoweverItIsCut(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		for (int i = 0; i < 200; i++) {
			byte[] bytes = text(random, random.nextInt(60)).getBytes(StandardCharsets.UTF_8);
			compare(bytes, random);
			if (bytes.length > 0) {
				compare(Arrays.copyOf(bytes, random.nextInt(bytes.length)), random);
				bytes[random.nextInt(bytes.length)] = (byte) TELLING[random.nextInt(TELLING.length)];
				compare(bytes, random);
			}
		}
	}

	/** Several characters of one script in a row, as in real text. */
	private static String text(Random random, int runs) {
		int[][] scripts = { { 0, 0x80 }, { 0x80, 0x800 }, { 0x800, 0xD800 }, { 0xE000, 0x10000 }, { 0x10000, 0x110000 } };
		StringBuilder text = new StringBuilder();
		for (int run = 0; run < runs; run++) {
			int[] script = scripts[random.nextInt(scripts.length)];
			random.ints(random.nextInt(12), script[0], script[1]).forEach(text::appendCodePoint);
		}
		return text.toString();
	}

	private static void compare(byte[] bytes, Random random) {
		String hex = HexFormat.of().formatHex(bytes);
		assertThat(accepts(bytes, bytes.length)).as(hex).isEqualTo(jdkAccepts(bytes)).isEqualTo(NaiveUtf8.isWhole(bytes));
		assertThat(accepts(bytes, 1)).as("byte by byte: %s", hex).isEqualTo(jdkAccepts(bytes));
		assertThat(accepts(bytes, 1 + random.nextInt(20))).as("in chunks: %s", hex).isEqualTo(jdkAccepts(bytes));
		assertThat(new Utf8Validator().accept(bytes, 0, bytes.length)).as("so far: %s", hex).isEqualTo(NaiveUtf8.isBeginning(bytes));
	}

	private static boolean accepts(byte[] bytes, int chunk) {
		Utf8Validator validator = new Utf8Validator();
		for (int at = 0; at < bytes.length; at += chunk) {
			if (!validator.accept(bytes, at, Math.min(chunk, bytes.length - at))) {
				return false;
			}
		}
		return validator.complete();
	}

	private static boolean jdkAccepts(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException e) {
			return false;
		}
	}

	/** Encodes by arithmetic, because the JDK refuses to encode a surrogate. */
	private static void put(ByteBuffer out, int codePoint) {
		if (codePoint < 0x80) {
			out.put((byte) codePoint);
		}
		else if (codePoint < 0x800) {
			out.put((byte) (0xC0 | codePoint >> 6)).put((byte) (0x80 | (codePoint & 0x3F)));
		}
		else if (codePoint < 0x10000) {
			out.put((byte) (0xE0 | codePoint >> 12)).put((byte) (0x80 | (codePoint >> 6 & 0x3F))).put((byte) (0x80 | (codePoint & 0x3F)));
		}
		else {
			out.put((byte) (0xF0 | codePoint >> 18)).put((byte) (0x80 | (codePoint >> 12 & 0x3F)))
					.put((byte) (0x80 | (codePoint >> 6 & 0x3F))).put((byte) (0x80 | (codePoint & 0x3F)));
		}
	}
}
