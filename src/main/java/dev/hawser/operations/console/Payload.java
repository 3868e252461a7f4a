package dev.hawser.operations.console;

import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What operators see of a message, if a setting lets them see any of it. */
final class Payload {
	private static final int LONGEST_TEXT = 1_000;
	private static final int MOST_BYTES = 200;
	private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

	private Payload() {
	}

	/** The beginning of a text, or of bytes in hexadecimal; null for anything else. */
	static @Nullable String beginning(@Nullable Object content) {
		return switch (content) {
			case String text -> text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + '…';
			case byte[] bytes -> hex(ByteBuffer.wrap(bytes));
			case ByteBuffer bytes -> hex(bytes.duplicate());
			case OutgoingFrame frame when frame.opcode() == Opcode.TEXT -> text(frame.payload());
			case OutgoingFrame frame when frame.opcode() == Opcode.BINARY -> hex(ByteBuffer.wrap(frame.payload()));
			case null, default -> null;
		};
	}

	private static String text(byte[] utf8) {
		boolean whole = utf8.length <= LONGEST_TEXT;
		return new String(utf8, 0, whole ? utf8.length : LONGEST_TEXT, StandardCharsets.UTF_8) + (whole ? "" : "…");
	}

	private static String hex(ByteBuffer bytes) {
		boolean whole = bytes.remaining() <= MOST_BYTES;
		byte[] first = new byte[whole ? bytes.remaining() : MOST_BYTES];
		bytes.get(first);
		return HEX.formatHex(first) + (whole ? "" : " …");
	}
}
