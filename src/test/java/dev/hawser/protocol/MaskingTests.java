package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskingTests {

	@Test
	void doesWhatTheRfcsFormulaDoes() {
		Random random = new Random(1);
		for (int round = 0; round < 5000; round++) {
			byte[] bytes = new byte[random.nextInt(80)];
			random.nextBytes(bytes);
			int offset = random.nextInt(bytes.length + 1);
			int count = random.nextInt(bytes.length - offset + 1);
			int mask = random.nextInt();
			byte[] expected = naive(bytes, offset, count, mask);
			Masking.unmask(bytes, offset, count, mask);
			assertThat(bytes).as("%d bytes from %d", count, offset).isEqualTo(expected);
		}
	}

	@Test
	void isItsOwnInverse() {
		byte[] bytes = new byte[1000];
		new Random(2).nextBytes(bytes);
		byte[] original = bytes.clone();
		Masking.unmask(bytes, 3, 990, 0x12345678);
		assertThat(bytes).isNotEqualTo(original);
		Masking.unmask(bytes, 3, 990, 0x12345678);
		assertThat(bytes).isEqualTo(original);
	}

	@Test
	void tellsExactlyWhenAByteIsOutsideAscii() {
		for (int count = 1; count < 40; count++) {
			byte[] ascii = new byte[count];
			assertThat(Masking.unmask(ascii, 0, count, 0x41424344)).as("%d ASCII bytes", count).isNotNegative();
			for (int at = 0; at < count; at++) {
				byte[] one = new byte[count];
				one[at] = (byte) 0x80;
				assertThat(Masking.unmask(one, 0, count, 0x41424344)).as("byte %d of %d", at, count).isNegative();
			}
		}
	}

	/** RFC 6455 section 5.3, word by word. */
	private static byte[] naive(byte[] bytes, int offset, int count, int mask) {
		byte[] key = { (byte) (mask >> 24), (byte) (mask >> 16), (byte) (mask >> 8), (byte) mask };
		byte[] result = bytes.clone();
		for (int i = 0; i < count; i++) {
			result[offset + i] ^= key[i % 4];
		}
		return result;
	}
}
