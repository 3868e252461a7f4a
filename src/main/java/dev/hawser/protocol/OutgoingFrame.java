package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.springframework.web.socket.CloseStatus;

/**
 * A frame on its way out. Immutable, so that one frame made for a broadcast serves every receiver; the payload array
 * belongs to the frame from the moment it is made.
 *
 * @param opcode  what it is
 * @param fin     whether it ends its message
 * @param payload up to 125 bytes for a control frame, otherwise any length
 */
public record OutgoingFrame(Opcode opcode, boolean fin, byte[] payload) {

	public OutgoingFrame {
		if (opcode.isControl() && (!fin || payload.length > 125)) {
			throw new IllegalArgumentException(
					"A " + opcode + " frame carries at most 125 bytes and is never fragmented (RFC 6455 section 5.5); this one has "
							+ payload.length + " bytes, finish=" + fin + ".");
		}
	}

	public static OutgoingFrame text(String text) {
		return new OutgoingFrame(Opcode.TEXT, true, text.getBytes(StandardCharsets.UTF_8));
	}

	public static OutgoingFrame close(CloseStatus status) {
		return new OutgoingFrame(Opcode.CLOSE, true, CloseCodes.body(status));
	}

	/** Bytes on the wire: header and payload. */
	public int size() {
		return FrameEncoder.headerSize(payload.length) + payload.length;
	}

	/** Puts the whole frame; {@code out} must have {@link #size} bytes free. */
	public void writeTo(ByteBuffer out) {
		FrameEncoder.header(out, opcode, fin, payload.length);
		out.put(payload);
	}
}
