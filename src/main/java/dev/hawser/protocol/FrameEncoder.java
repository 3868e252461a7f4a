package dev.hawser.protocol;

import java.nio.ByteBuffer;

/** Writes a server's frames: never masked (RFC 6455 section 5.1), lengths in their shortest form (section 5.2). */
public final class FrameEncoder {
	/** Bytes of the longest header that a server writes. */
	public static final int MAX_HEADER = 10;
	private static final int FINAL_BINARY = 0x80 | Opcode.BINARY.code();

	private FrameEncoder() {
	}

	/** Bytes of header in front of a payload of this length: 2, 4 or 10. */
	public static int headerSize(int payloadLength) {
		return payloadLength < 126 ? 2 : payloadLength < 0x10000 ? 4 : 10;
	}

	/** Puts a whole binary message in one frame; {@code out} must have room for the payload and its {@link #headerSize}. */
	public static void putBinary(byte[] data, ByteBuffer out) {
		header(out, FINAL_BINARY, data.length);
		out.put(data);
	}

	/**
	 * Puts a header; the caller puts the payload after it.
	 *
	 * @param firstByte FIN, reserved bits and opcode
	 */
	static void header(ByteBuffer out, int firstByte, int payloadLength) {
		out.put((byte) firstByte);
		if (payloadLength < 126) {
			out.put((byte) payloadLength);
		}
		else if (payloadLength < 0x10000) {
			out.put((byte) 126).putShort((short) payloadLength);
		}
		else {
			out.put((byte) 127).putLong(payloadLength);
		}
	}
}
