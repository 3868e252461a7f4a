package dev.hawser.testing;

import java.nio.charset.StandardCharsets;

/** A frame as it came from the server. */
public record ReceivedFrame(boolean fin, int rsv, int opcode, byte[] payload) {

	public String text() {
		return new String(payload, StandardCharsets.UTF_8);
	}

	public boolean isClose() {
		return opcode == 8;
	}

	/** The code of a close frame; 1005 when it has none. */
	public int closeCode() {
		return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
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
