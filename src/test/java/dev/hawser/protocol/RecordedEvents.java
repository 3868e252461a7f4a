package dev.hawser.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.web.socket.CloseStatus;

/** Records what a handler is told, one line for each call; bytes are written as the Latin-1 characters of the same numbers. */
final class RecordedEvents implements MessageHandler {
	private final List<String> list = new ArrayList<>();

	List<String> list() {
		return list;
	}

	@Override
	public void text(String text, int size) {
		list.add("text " + text);
	}

	@Override
	public void binary(byte[] data) {
		list.add("binary " + new String(data, StandardCharsets.ISO_8859_1));
	}

	@Override
	public void ping(byte[] data) {
		list.add("ping " + new String(data, StandardCharsets.ISO_8859_1));
	}

	@Override
	public void pong(byte[] data) {
		list.add("pong " + new String(data, StandardCharsets.ISO_8859_1));
	}

	@Override
	public void close(CloseStatus status) {
		closed(status.getCode(), Objects.requireNonNullElse(status.getReason(), ""));
	}

	void closed(int code, String reason) {
		list.add("close " + code + " " + reason);
	}
}
