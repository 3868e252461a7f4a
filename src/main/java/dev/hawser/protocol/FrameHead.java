package dev.hawser.protocol;

/**
 * Reads the first two bytes of a frame (RFC 6455 section 5.2), held in one int: the first byte in bits 8 to 15, the second in bits
 * 0 to 7. Plain functions, because a header object per frame would be most of the allocation for a small message.
 *
 * <pre>
 *  F R R R opcode | M length
 *  I S S S (4)    | A (7)
 *  N V V V        | S
 *    1 2 3        | K
 * </pre>
 */
final class FrameHead {
	static final int FIN = 0x8000;
	static final int RSV = 0x7000;
	static final int RSV1 = 0x4000;
	static final int MASK = 0x80;

	private FrameHead() {
	}

	static boolean fin(int head) {
		return (head & FIN) != 0;
	}

	/** The three reserved bits, still in place: compare with {@link #RSV} or a part of it. */
	static int rsv(int head) {
		return head & RSV;
	}

	static int opcode(int head) {
		return head >> 8 & 0xF;
	}

	static boolean masked(int head) {
		return (head & MASK) != 0;
	}

	/** The 7-bit length: 126 and 127 mean that 2 or 8 length bytes follow. */
	static int shortLength(int head) {
		return head & 0x7F;
	}
}
