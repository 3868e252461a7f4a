package dev.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds a client's frame bit by bit, lawful or not. Masked with a fixed key unless told otherwise. */
public final class RawFrame {
	private static final byte[] KEY = { 0x37, (byte) 0xFA, 0x21, 0x3D };

	private int firstByte;
	private byte[] payload = new byte[0];
	private boolean masked = true;
	private int lengthBytes = -1;
	private @Nullable Long announced;

	private RawFrame(int opcode) {
		firstByte = 0x80 | opcode;
	}

	public static RawFrame opcode(int opcode) {
		return new RawFrame(opcode);
	}

	public static RawFrame continuation(String text) {
		return opcode(0).payload(text);
	}

	public static RawFrame text(String text) {
		return opcode(1).payload(text);
	}

	public static RawFrame binary(byte... data) {
		return opcode(2).payload(data);
	}

	public static RawFrame close(int code, String reason) {
		byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
		return opcode(8).payload(ByteBuffer.allocate(2 + bytes.length).putShort((short) code).put(bytes).array());
	}

	public static RawFrame ping(byte... data) {
		return opcode(9).payload(data);
	}

	public static RawFrame pong(byte... data) {
		return opcode(10).payload(data);
	}

	public RawFrame payload(String text) {
		return payload(text.getBytes(StandardCharsets.UTF_8));
	}

	public RawFrame payload(byte... data) {
		payload = data.clone();
		return this;
	}

	/** FIN = 0. */
	public RawFrame unfinished() {
		firstByte &= 0x7F;
		return this;
	}

	/** Sets RSV1 (4), RSV2 (2), RSV3 (1), or several. */
	public RawFrame rsv(int bits) {
		firstByte |= bits << 4;
		return this;
	}

	public RawFrame unmasked() {
		masked = false;
		return this;
	}

	/** Writes the length in 0, 2 or 8 extended bytes, even if another number of bytes would be right. */
	public RawFrame lengthBytes(int count) {
		lengthBytes = count;
		return this;
	}

	/** Announces another length than the payload has, in 8 bytes. */
	public RawFrame announcing(long length) {
		announced = length;
		lengthBytes = 8;
		return this;
	}

	/** The bytes of several frames, one after the other. */
	public static byte[] join(RawFrame... frames) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (RawFrame frame : frames) {
			all.writeBytes(frame.bytes());
		}
		return all.toByteArray();
	}

	public byte[] bytes() {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		long length = announced != null ? announced : payload.length;
		int extended = lengthBytes >= 0 ? lengthBytes : length < 126 ? 0 : length < 65536 ? 2 : 8;
		out.write(firstByte);
		out.write((masked ? 0x80 : 0) | (extended == 0 ? (int) length : extended == 2 ? 126 : 127));
		for (int i = extended - 1; i >= 0; i--) {
			out.write((int) (length >>> (8 * i)));
		}
		if (masked) {
			out.writeBytes(KEY);
		}
		for (int i = 0; i < payload.length; i++) {
			out.write(masked ? payload[i] ^ KEY[i % 4] : payload[i]);
		}
		return out.toByteArray();
	}
}
