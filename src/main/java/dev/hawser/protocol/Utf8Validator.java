package dev.hawser.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks a stream of bytes for UTF-8 as RFC 3629 defines it (no overlong forms, no surrogates, nothing above U+10FFFF),
 * however the stream is split, and fails at the first byte that cannot be part of it.
 */
public final class Utf8Validator {
	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
	private static final long OUTSIDE_ASCII = 0x8080808080808080L;

	/** Continuation bytes that are still missing in the current code point. */
	private int due;
	/** Range of the next continuation byte: 80 to BF, but narrower for the first one after some lead bytes. */
	private int lower = 0x80;
	private int upper = 0xBF;

	/** Whether the bytes as a whole are UTF-8. */
	public static boolean isUtf8(byte[] bytes) {
		return isUtf8(bytes, 0, bytes.length);
	}

	/** Whether a part of an array is UTF-8 by itself. */
	public static boolean isUtf8(byte[] bytes, int offset, int count) {
		Utf8Validator validator = new Utf8Validator();
		return validator.accept(bytes, offset, count) && validator.complete();
	}

	/** False at the first byte that makes the stream invalid; the validator must not be used after that. */
	boolean accept(byte[] bytes, int offset, int count) {
		int end = offset + count;
		int at = offset;
		while (at < end && due > 0) {
			if (!continuation(bytes[at++] & 0xFF)) {
				return false;
			}
		}
		for (at = skipValid(bytes, at, end); at < end; at++) {
			int octet = bytes[at] & 0xFF;
			if (due == 0 ? !lead(octet) : !continuation(octet)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Skips whole code points, eight bytes at a time. When it stops, either fewer than eight bytes are left or the next ones are
	 * invalid; the loop over single bytes finds out which.
	 */
	private static int skipValid(byte[] bytes, int from, int end) {
		int at = from;
		while (end - at >= 8) {
			long word = (long) LONG.get(bytes, at);
			int first = (int) (word >>> 32);
			if ((word & OUTSIDE_ASCII) == 0) {
				at += 8;
			}
			else if (word >= 0) {
				at += Long.numberOfLeadingZeros(word & OUTSIDE_ASCII) >> 3;
			}
			else if (isTwoBytes(first)) {
				at += !isTwoBytes((int) (word >>> 16)) ? 2 : isTwoBytes((int) word) && isTwoBytes((int) word << 16) ? 8 : 4;
			}
			else if (isThreeBytes(first)) {
				at += isThreeBytes((int) (word >>> 8)) ? 6 : 3;
			}
			else if (isFourBytes(first)) {
				at += isFourBytes((int) word) ? 8 : 4;
			}
			else {
				return at;
			}
		}
		return at;
	}

	/** Whether the word begins with 110xxxxx 10xxxxxx that has a bit in the upper four x (else: overlong). */
	private static boolean isTwoBytes(int word) {
		return (word & 0xE0C00000) == 0xC0800000 && (word & 0x1E000000) != 0;
	}

	/** Whether the word begins with 1110xxxx 10xxxxxx 10xxxxxx whose upper five x are not 0 (overlong) and not 11011 (surrogates). */
	private static boolean isThreeBytes(int word) {
		int upper = word & 0x0F200000;
		return (word & 0xF0C0C000) == 0xE0808000 && upper != 0 && upper != 0x0D200000;
	}

	/** Whether the word is 11110xxx 10xxxxxx 10xxxxxx 10xxxxxx whose upper five x are 1 to 16: the planes that there are. */
	private static boolean isFourBytes(int word) {
		int plane = word & 0x07300000;
		return (word & 0xF8C0C0C0) == 0xF0808080 && plane != 0 && plane <= 0x04000000;
	}

	/** Whether the stream may end here: no code point is open. */
	boolean complete() {
		return due == 0;
	}

	private boolean continuation(int octet) {
		if (octet < lower || octet > upper) {
			return false;
		}
		due--;
		lower = 0x80;
		upper = 0xBF;
		return true;
	}

	private boolean lead(int octet) {
		if (octet < 0x80) {
			return true;
		}
		if (octet < 0xC2 || octet > 0xF4) { // C0 and C1 only start overlong forms; above F4 lies past U+10FFFF
			return false;
		}
		due = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
		lower = switch (octet) {
			case 0xE0 -> 0xA0; // below: overlong
			case 0xF0 -> 0x90; // below: overlong
			default -> 0x80;
		};
		upper = switch (octet) {
			case 0xED -> 0x9F; // above: surrogates
			case 0xF4 -> 0x8F; // above: past U+10FFFF
			default -> 0xBF;
		};
		return true;
	}
}
