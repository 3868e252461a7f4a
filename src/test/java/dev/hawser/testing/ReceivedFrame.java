package dev.hawser.testing;

import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A frame as it came from the server. */
public record ReceivedFrame(boolean fin, int rsv, int opcode, byte[] payload) {

	/** Reads a frame as a server must send it: not masked. */
	static ReceivedFrame read(DataInput in) throws IOException {
		int first = in.readUnsignedByte();
		int second = in.readUnsignedByte();
		if ((second & 0x80) != 0) {
			throw new IOException("The server masked a frame");
		}
		long length = (second & 0x7F) == 126 ? in.readUnsignedShort() : (second & 0x7F) == 127 ? in.readLong() : second & 0x7F;
		byte[] payload = new byte[Math.toIntExact(length)];
		in.readFully(payload);
		return new ReceivedFrame((first & 0x80) != 0, first >> 4 & 7, first & 0xF, payload);
	}

	public String text() {
		return new String(payload, StandardCharsets.UTF_8);
	}

	public boolean isClose() {
		return opcode == 8;
	}

	/** The code of a close frame; 1005 when it has none. */
	public int closeCode() {
		return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
	}

	public String closeReason() {
		return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return "opcode " + opcode + (fin ? "" : " unfinished") + (isClose() ? " code " + closeCode() + " " + closeReason()
				: " \"" + text() + "\"");
	}
}
