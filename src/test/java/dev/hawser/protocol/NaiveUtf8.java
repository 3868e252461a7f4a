package dev.hawser.protocol;

/** UTF-8 by arithmetic, one code point at a time, without the tables of ranges that {@link Utf8Validator} has. */
final class NaiveUtf8 {
	private static final int[] LEAST_OF_SIZE = { 0, 0, 0x80, 0x800, 0x10000 };

	private NaiveUtf8() {
	}

	/** Whether the bytes are text. */
	static boolean isWhole(byte[] bytes) {
		return end(bytes) == bytes.length;
	}

	/** Whether the bytes are text, or become text if others follow. */
	static boolean isBeginning(byte[] bytes) {
		return end(bytes) >= 0;
	}

	/**
	 * Where the last code point ends: after the end of the array when the code point is cut off, -1 when a byte cannot be part of a text.
	 */
	private static int end(byte[] bytes) {
		int at = 0;
		while (at < bytes.length) {
			int size = size(bytes[at]);
			if (size == 0 || !existsWithin(bytes, at, size)) {
				return -1;
			}
			at += size;
		}
		return at;
	}

	private static int size(byte lead) {
		int bits = Integer.numberOfLeadingZeros(~(lead << 24));
		return bits == 0 ? 1 : bits >= 2 && bits <= 4 ? bits : 0;
	}

	/** Whether a code point of this size can begin with the bytes that are there: its possible continuations form a range. */
	private static boolean existsWithin(byte[] bytes, int at, int size) {
		int low = size == 1 ? bytes[at] : bytes[at] & 0xFF >> (size + 1);
		int high = low;
		for (int i = at + 1; i < at + size; i++) {
			boolean there = i < bytes.length;
			if (there && (bytes[i] & 0xC0) != 0x80) {
				return false;
			}
			low = low << 6 | (there ? bytes[i] & 0x3F : 0);
			high = high << 6 | (there ? bytes[i] & 0x3F : 0x3F);
		}
		low = Math.max(low, LEAST_OF_SIZE[size]);
		high = Math.min(high, 0x10FFFF);
		boolean onlySurrogates = low >= 0xD800 && high <= 0xDFFF;
		return low <= high && !onlySurrogates;
	}
}
