package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Masking} against the loop of RFC 6455 section 5.3, on random bytes. */
class MaskingDifferentialTests {
	static IntStream lengths() {
		return IntStream.concat(IntStream.rangeClosed(0, 40), IntStream.of(125, 126, 127, 65_535, 65_536, 65_537));
	}

	@ParameterizedTest
	@MethodSource("lengths")
	void unmasksEachLengthAtEachOffset(int length) {
		Random random = new Random(length);
		for (int offset = 0; offset < 9; offset++) {
			compare(random, bytes(random, offset + length + 9), offset, length);
		}
	}

	@RepeatedTest(20)
	void unmasksRandomParts(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		for (int i = 0; i < 500; i++) {
			int length = random.nextInt(300);
			int offset = random.nextInt(20);
			compare(random, bytes(random, offset + length + random.nextInt(10)), offset, length);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8, 9, 16, 127 })
	void reportsOneByteOutsideAsciiWhereverItIs(int length) {
		for (int where = 0; where < length; where++) {
			byte[] bytes = new byte[length];
			bytes[where] = (byte) 0x80;
			assertThat(Masking.unmask(bytes, 0, length, 0)).as("byte %s of %s", where, length).isNegative();
		}
		assertThat(Masking.unmask(new byte[length], 0, length, 0)).isZero();
	}

	private static void compare(Random random, byte[] bytes, int offset, int length) {
		int mask = random.nextInt();
		byte[] expected = bytes.clone();
		byte seen = naive(expected, offset, length, mask);
		byte answer = Masking.unmask(bytes, offset, length, mask);
		assertThat(bytes).as("bytes %s to %s", offset, offset + length).isEqualTo(expected);
		assertThat(answer < 0).as("outside ASCII").isEqualTo(seen < 0);
	}

	private static byte naive(byte[] bytes, int offset, int length, int mask) {
		byte[] key = { (byte) (mask >>> 24), (byte) (mask >>> 16), (byte) (mask >>> 8), (byte) mask };
		byte seen = 0;
		for (int i = 0; i < length; i++) {
			bytes[offset + i] ^= key[i % 4];
			seen |= bytes[offset + i];
		}
		return seen;
	}

	private static byte[] bytes(Random random, int length) {
		byte[] bytes = new byte[length];
		random.nextBytes(bytes);
		return bytes;
	}
}
