package dev.hawser.testing;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/**
 * OnOpen, OnMessage and OnClose whose behaviour each test chooses, and a record of what they were called with. Echoes text
 * and binary messages until told otherwise.
 */
public class ScriptedCallbacks {
	private static final OnOpen NOTHING = (server, request) -> {
	};
	private static final OnMessage ECHO = (server, frame) -> server.push(frame.fd(), frame);

	private final BlockingQueue<HandshakeRequest> opened = new LinkedBlockingQueue<>();
	private final BlockingQueue<Frame> messages = new LinkedBlockingQueue<>();
	private final BlockingQueue<Closed> closed = new LinkedBlockingQueue<>();
	private volatile OnOpen onOpen = NOTHING;
	private volatile OnMessage onMessage = ECHO;

	/** What OnClose was told. */
	public record Closed(long fd, CloseStatus status, CloseInitiator initiator) {
	}

	/** Forgets behaviour and records of the test before. */
	public void reset() {
		onOpen = NOTHING;
		onMessage = ECHO;
		opened.clear();
		messages.clear();
		closed.clear();
	}

	/** What OnOpen does from now on. */
	public void onOpen(OnOpen callback) {
		onOpen = callback;
	}

	/** What OnMessage does from now on. */
	public void onMessage(OnMessage callback) {
		onMessage = callback;
	}

	/** The request of the next connection that was opened. */
	public HandshakeRequest opened() throws InterruptedException {
		return next(opened, "OnOpen");
	}

	/** The next frame that OnMessage received. */
	public Frame received() throws InterruptedException {
		return next(messages, "OnMessage");
	}

	/** Frames that OnMessage received and that no test has taken. */
	public int untaken() {
		return messages.size();
	}

	/** What OnClose was told of this connection; what it was told of others is forgotten. */
	public Closed closed(long fd) throws InterruptedException {
		Closed next = next(closed, "OnClose");
		while (next.fd() != fd) {
			next = next(closed, "OnClose");
		}
		return next;
	}

	private static <T> T next(BlockingQueue<T> queue, String callback) throws InterruptedException {
		T next = queue.poll(60, TimeUnit.SECONDS);
		if (next == null) {
			throw new AssertionError(callback + " was not called within a minute");
		}
		return next;
	}

	@Bean
	OnOpen scriptedOpen() {
		return this::open;
	}

	@Bean
	OnMessage scriptedMessage() {
		return this::message;
	}

	@Bean
	OnClose scriptedClose() {
		return this::close;
	}

	private void open(WebSocketServer server, HandshakeRequest request) throws Exception {
		opened.add(request);
		onOpen.onOpen(server, request);
	}

	private void message(WebSocketServer server, Frame frame) throws Exception {
		messages.add(frame);
		onMessage.onMessage(server, frame);
	}

	private void close(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) {
		closed.add(new Closed(fd, status, initiator));
	}
}
