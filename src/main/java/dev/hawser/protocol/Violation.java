package dev.hawser.protocol;

import org.springframework.web.socket.CloseStatus;

/** Every way in which a peer's bytes can break RFC 6455 or RFC 7692, each with the section it breaks and the close code that answers it. */
public enum Violation {
	/** 5.2: RSV1 to RSV3 must be 0 unless a negotiated extension defines them. */
	RESERVED_BIT(1002, "reserved bit set"),
	/** 5.2: opcodes 3 to 7 and B to F are reserved. */
	RESERVED_OPCODE(1002, "reserved opcode"),
	/** 5.1: a client must mask all frames that it sends. */
	UNMASKED(1002, "frame not masked"),
	/** 5.2: the most significant bit of a 64-bit length must be 0. */
	LENGTH_TOP_BIT(1002, "length has its top bit set"),
	/** 5.2: the minimal number of bytes must be used to encode the length. */
	LENGTH_NOT_MINIMAL(1002, "length not in its shortest form"),
	/** 5.5: control frames must not be fragmented. */
	CONTROL_FRAGMENTED(1002, "control frame fragmented"),
	/** 5.5: control frames carry at most 125 bytes. */
	CONTROL_TOO_LONG(1002, "control frame over 125 bytes"),
	/** 5.4: a continuation needs an unfinished message. */
	NOTHING_TO_CONTINUE(1002, "continuation without a message"),
	/** 5.4: the fragments of one message must not be interleaved with another's. */
	MESSAGE_NOT_FINISHED(1002, "new message before the last one ended"),
	/** 5.5.1: a close body starts with a two-byte code. */
	CLOSE_BODY_ONE_BYTE(1002, "close body of one byte"),
	/** 7.4: codes that must not be sent, or that no one has defined. */
	CLOSE_CODE_INVALID(1002, "invalid close code"),
	/** 5.5.1, 8.1: the close reason is UTF-8. */
	CLOSE_REASON_NOT_UTF8(1007, "close reason is not UTF-8"),
	/** 5.6, 8.1: the payload of a text message is UTF-8. */
	TEXT_NOT_UTF8(1007, "text is not UTF-8"),
	/** RFC 7692 section 7.2.2: the payload of a compressed message is DEFLATE. */
	NOT_DEFLATE(1007, "compressed message is broken"),
	/** 7.4.1: a message too big to process. */
	MESSAGE_TOO_BIG(1009, "message too big");

	private final CloseStatus closeStatus;

	Violation(int code, String reason) {
		this.closeStatus = new CloseStatus(code, reason);
	}

	public CloseStatus closeStatus() {
		return closeStatus;
	}
}
