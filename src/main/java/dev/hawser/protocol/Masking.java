package dev.hawser.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** RFC 6455 section 5.3: octet i of the payload is XORed with octet i mod 4 of the masking key. */
final class Masking {
	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private Masking() {
	}

	/**
	 * Masks or unmasks in place (the two are the same).
	 *
	 * @param mask the key in the order of the wire, with the first octet highest; the byte at {@code offset} is masked with the
	 *     first octet
	 * @return the OR of all resulting bytes: negative exactly when one of them is outside ASCII
	 */
	static byte unmask(byte[] bytes, int offset, int count, int mask) {
		int inMemory = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? mask : Integer.reverseBytes(mask);
		long wide = (inMemory & 0xFFFFFFFFL) << 32 | (inMemory & 0xFFFFFFFFL);
		long seen = 0;
		int at = offset;
		int end = offset + count;
		for (int last = end - 8; at <= last; at += 8) {
			long word = (long) LONG.get(bytes, at) ^ wide;
			LONG.set(bytes, at, word);
			seen |= word;
		}
		byte tail = 0;
		for (int i = 0; at < end; at++, i++) {
			bytes[at] ^= (byte) (mask >> (24 - 8 * (i & 3)));
			tail |= bytes[at];
		}
		return (byte) (tail | ((seen & 0x8080808080808080L) != 0 ? 0x80 : 0));
	}
}
