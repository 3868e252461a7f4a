package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** RFC 6455 section 7.4 and the IANA registry: which codes may stand in a close frame, and how its body is read and made. */
public final class CloseCodes {
	/** A control frame carries at most 125 bytes (section 5.5), and the code takes two of them. */
	public static final int MAX_REASON_BYTES = 123;

	private CloseCodes() {
	}

	/** Whether a close frame may carry the code: 1000 to 1003, 1007 to 1014, 3000 to 4999. */
	public static boolean mayBeSent(int code) {
		return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
	}

	/**
	 * Checks the code and the reason for closing a connection.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	public static void requireSendable(int code, @Nullable String reason) {
		if (!mayBeSent(code)) {
			throw new IllegalArgumentException("Close code " + code + " must not be sent: use 1000 to 1003, 1007 to 1014,"
					+ " or 3000 to 4999 (RFC 6455 section 7.4).");
		}
		if (reason != null && reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
			throw new IllegalArgumentException("A close reason has at most " + MAX_REASON_BYTES
					+ " bytes of UTF-8 (RFC 6455 section 5.5): shorten it.");
		}
	}

	/**
	 * Reads the body of a close frame.
	 *
	 * @return the peer's status; {@link CloseStatus#NO_STATUS_CODE} (1005) for an empty body
	 */
	public static CloseStatus parse(byte[] body) throws ProtocolException {
		if (body.length == 0) {
			return CloseStatus.NO_STATUS_CODE;
		}
		// 5.5.1: "the first two bytes of the body MUST be a 2-byte unsigned integer"
		if (body.length == 1) {
			throw new ProtocolException(Violation.CLOSE_BODY_ONE_BYTE);
		}
		int code = (body[0] & 0xFF) << 8 | (body[1] & 0xFF);
		if (!mayBeSent(code)) {
			throw new ProtocolException(Violation.CLOSE_CODE_INVALID);
		}
		Utf8Validator utf8 = new Utf8Validator();
		if (!utf8.accept(body, 2, body.length - 2) || !utf8.complete()) {
			throw new ProtocolException(Violation.CLOSE_REASON_NOT_UTF8);
		}
		return body.length == 2 ? new CloseStatus(code)
				: new CloseStatus(code, new String(body, 2, body.length - 2, StandardCharsets.UTF_8));
	}

	/** The body of a close frame; empty for 1005, which means "no code" and must not be sent itself (section 7.4.1). */
	public static byte[] body(CloseStatus status) {
		if (status.getCode() == CloseStatus.NO_STATUS_CODE.getCode()) {
			return new byte[0];
		}
		@Nullable
		String text = status.getReason();
		byte[] reason = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(2 + reason.length).putShort((short) status.getCode()).put(reason).array();
	}
}
