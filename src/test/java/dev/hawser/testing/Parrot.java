package dev.hawser.testing;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.protocol.Opcode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/**
 * Callbacks for conversations with foreign clients: they echo, except that "who am I" is answered with the user, "ping me"
 * with a ping and "close me" with a close frame. A pong is reported to its sender where pongs are delivered.
 */
public class Parrot {
	private final BlockingQueue<Closed> closed = new LinkedBlockingQueue<>();

	/** What {@code OnClose} was told. */
	public record Closed(int code, String reason, CloseInitiator initiator) {
	}

	@Bean
	OnMessage onMessage() {
		return (server, frame) -> {
			if (frame.opcode() == Opcode.PONG) {
				server.push(frame.fd(), "pong " + frame.text());
			}
			else if (frame.isBinary()) {
				server.push(frame.fd(), frame.data());
			}
			else {
				answer(server, frame.fd(), frame.text());
			}
		};
	}

	private static void answer(WebSocketServer server, long fd, String text) {
		switch (text) {
			case "who am I" -> server.push(fd, String.valueOf(server.connectionInfo(fd).orElseThrow().userId()));
			case "ping me" -> server.ping(fd, "marco".getBytes(StandardCharsets.UTF_8));
			case "close me" -> server.disconnect(fd, new CloseStatus(4002, "as you wish"));
			default -> server.push(fd, text);
		}
	}

	@Bean
	OnClose onClose() {
		return (_, _, status, initiator) -> closed.add(
				new Closed(status.getCode(), status.getReason() == null ? "" : status.getReason(), initiator));
	}

	/** How the next connection ended, waiting for it. */
	public Closed closed() throws InterruptedException {
		Closed next = closed.poll(60, TimeUnit.SECONDS);
		if (next == null) {
			throw new AssertionError("OnClose was not called");
		}
		return next;
	}

	/** Whether {@link #closed} has returned all connections that have ended. */
	public boolean toldAll() {
		return closed.isEmpty();
	}
}
