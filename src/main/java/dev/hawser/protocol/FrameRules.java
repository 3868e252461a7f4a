package dev.hawser.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Checks a client's frame header by the rules of RFC 6455. The result depends only on the header and on the open message. Called
 * before any byte of the payload is stored.
 */
final class FrameRules {
	private FrameRules() {
	}

	/**
	 * The first rule that the frame breaks; null when it breaks none.
	 *
	 * @param head      the first two bytes, see {@link FrameHead}
	 * @param length    the announced payload length; negative when its top bit is set
	 * @param assembled bytes of the message that is being assembled, or -1 when no message is open
	 * @param limit     bytes of payload that the message of this frame may have, all fragments together
	 */
	static @Nullable Violation check(int head, long length, int assembled, int limit) {
		// 5.2: "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values"
		if (FrameHead.rsv(head) != 0) {
			return Violation.RESERVED_BIT;
		}
		Opcode opcode = Opcode.of(FrameHead.opcode(head));
		// 5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_"
		if (opcode == null) {
			return Violation.RESERVED_OPCODE;
		}
		// 5.1: "a client MUST mask all frames that it sends to the server"
		if (!FrameHead.masked(head)) {
			return Violation.UNMASKED;
		}
		// 5.2: "the most significant bit MUST be 0"
		if (length < 0) {
			return Violation.LENGTH_TOP_BIT;
		}
		// 5.2: "in all cases, the minimal number of bytes MUST be used to encode the length"
		if ((FrameHead.shortLength(head) == 126 && length < 126) || (FrameHead.shortLength(head) == 127 && length < 0x10000)) {
			return Violation.LENGTH_NOT_MINIMAL;
		}
		return opcode.isControl() ? checkControl(head, length) : checkData(opcode, length, assembled, limit);
	}

	private static @Nullable Violation checkControl(int head, long length) {
		// 5.5: "All control frames [...] MUST NOT be fragmented"
		if (!FrameHead.fin(head)) {
			return Violation.CONTROL_FRAGMENTED;
		}
		// 5.5: "All control frames MUST have a payload length of 125 bytes or less"
		return length > 125 ? Violation.CONTROL_TOO_LONG : null;
	}

	private static @Nullable Violation checkData(Opcode opcode, long length, int assembled, int limit) {
		boolean open = assembled >= 0;
		// 5.4: a fragmented message is one frame with an opcode, then frames with opcode 0, the last with FIN
		if (opcode == Opcode.CONTINUATION && !open) {
			return Violation.NOTHING_TO_CONTINUE;
		}
		if (opcode != Opcode.CONTINUATION && open) {
			return Violation.MESSAGE_NOT_FINISHED;
		}
		// 10.4: implementations protect themselves from frames and reassembled messages that exceed their limits
		return length > limit - Math.max(assembled, 0) ? Violation.MESSAGE_TOO_BIG : null;
	}
}
