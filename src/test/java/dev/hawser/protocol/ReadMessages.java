package dev.hawser.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.springframework.web.socket.CloseStatus;

/** Records what a reader delivers, one line for each message or control frame. */
final class ReadMessages implements MessageHandler {
	final List<String> lines = new ArrayList<>();
	final List<Integer> textSizes = new ArrayList<>();

	static String aText(String text) {
		return "text " + text;
	}

	static String aBinary(byte... data) {
		return "binary " + HexFormat.of().formatHex(data);
	}

	static String aPing(byte... data) {
		return "ping " + HexFormat.of().formatHex(data);
	}

	static String aPong(byte... data) {
		return "pong " + HexFormat.of().formatHex(data);
	}

	static String aClose(int code, String reason) {
		return "close " + code + " " + reason;
	}

	/** Reads all bytes at once with a new reader. */
	static List<String> of(int limit, byte[] bytes) throws ProtocolException {
		ReadMessages messages = new ReadMessages();
		new MessageReader(limit).read(ByteBuffer.wrap(bytes), messages);
		return messages.lines;
	}

	/** Reads the bytes before and after {@code at} as if they had come in two packets. */
	static List<String> split(int limit, byte[] bytes, int at) throws ProtocolException {
		ReadMessages messages = new ReadMessages();
		MessageReader reader = new MessageReader(limit);
		reader.read(ByteBuffer.wrap(bytes, 0, at), messages);
		reader.read(ByteBuffer.wrap(bytes, at, bytes.length - at), messages);
		return messages.lines;
	}

	/** Reads byte after byte. */
	static List<String> byteByByte(int limit, byte[] bytes) throws ProtocolException {
		ReadMessages messages = new ReadMessages();
		MessageReader reader = new MessageReader(limit);
		for (int i = 0; i < bytes.length; i++) {
			reader.read(ByteBuffer.wrap(bytes, i, 1), messages);
		}
		return messages.lines;
	}

	@Override
	public void text(String text, int size) {
		lines.add(aText(text));
		textSizes.add(size);
	}

	@Override
	public void binary(byte[] data) {
		lines.add(aBinary(data));
	}

	@Override
	public void ping(byte[] data) {
		lines.add(aPing(data));
	}

	@Override
	public void pong(byte[] data) {
		lines.add(aPong(data));
	}

	@Override
	public void close(CloseStatus status) {
		lines.add(aClose(status.getCode(), status.getReason() == null ? "" : status.getReason()));
	}
}
