package dev.hawser.protocol;

import org.jspecify.annotations.Nullable;

/** The frame types of RFC 6455 section 5.2, with their numbers on the wire. */
public enum Opcode {
	CONTINUATION(0x0), TEXT(0x1), BINARY(0x2), CLOSE(0x8), PING(0x9), PONG(0xA);

	private static final @Nullable Opcode[] BY_CODE = new Opcode[16];

	static {
		for (Opcode opcode : values()) {
			BY_CODE[opcode.code] = opcode;
		}
	}

	private final int code;

	Opcode(int code) {
		this.code = code;
	}

	/** The opcode with this number; null for a reserved one (3 to 7, 11 to 15) and for any number that is not 0 to 15. */
	public static @Nullable Opcode of(int code) {
		return (code & ~0xF) == 0 ? BY_CODE[code] : null;
	}

	public int code() {
		return code;
	}

	/** Close, ping or pong: at most 125 bytes, never fragmented (section 5.5). */
	public boolean isControl() {
		return code >= 0x8;
	}
}
