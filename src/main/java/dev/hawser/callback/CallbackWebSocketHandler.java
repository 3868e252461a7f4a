package dev.hawser.callback;

import dev.hawser.api.Frame;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.HandlerTraits;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.Handshake;
import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** Calls the four callbacks through Spring's handler interface. */
final class CallbackWebSocketHandler extends TextWebSocketHandler implements HandlerTraits.Declared, HandlerTraits.GroupHandler {
	private final WebSocketServer server;
	private final Callbacks callbacks;
	private final HandlerTraits traits;

	CallbackWebSocketHandler(WebSocketServer server, Callbacks callbacks, CallbackSettings settings) {
		this.server = server;
		this.callbacks = callbacks;
		this.traits = new HandlerTraits(settings.controlFrames(), callbacks.nonBlocking(), true);
	}

	@Override
	public HandlerTraits traits() {
		return traits;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		Handshake handshake = Objects.requireNonNull(Handshake.take(session.getAttributes()), "No handshake in the attributes");
		if (callbacks.decision() != null) {
			handshake.deferred().forEach(Runnable::run);
		}
		if (callbacks.onOpen() != null) {
			callbacks.onOpen().onOpen(server, handshake);
		}
		((WebSocketConnection) session).dropEmptyAttributes();
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		switch (message) {
			case TextMessage text -> handleTextMessage(session, text);
			case HandlerTraits.ArrayMessage binary -> deliver(session, Opcode.BINARY, binary.data());
			case HandlerTraits.FrameMessage event -> callbacks.onMessage().onMessage(server, event.frame());
			case PingMessage ping -> deliver(session, Opcode.PING, bytes(ping.getPayload()));
			case PongMessage pong -> handlePongMessage(session, pong);
			case HandlerTraits.CloseMessage close -> deliver(session, Opcode.CLOSE, CloseCodes.body(close.status()));
			default -> throw new IllegalStateException("Unexpected message type: " + message.getClass().getName());
		}
	}

	@Override
	protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
		callbacks.onMessage().onMessage(server, Frame.received(fd(session), message.getPayload()));
	}

	@Override
	protected void handlePongMessage(WebSocketSession session, PongMessage message) throws Exception {
		deliver(session, Opcode.PONG, bytes(message.getPayload()));
	}

	private void deliver(WebSocketSession session, Opcode opcode, byte[] data) throws Exception {
		callbacks.onMessage().onMessage(server, Frame.received(fd(session), opcode, data));
	}

	@Override
	public boolean wantsGroups() {
		return callbacks.onGroup() != null;
	}

	@Override
	public void joined(WebSocketSession session, String group) throws Exception {
		Objects.requireNonNull(callbacks.onGroup()).onJoined(server, fd(session), group);
	}

	@Override
	public void left(WebSocketSession session, String group) throws Exception {
		Objects.requireNonNull(callbacks.onGroup()).onLeft(server, fd(session), group);
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		if (callbacks.onClose() != null) {
			callbacks.onClose().onClose(server, fd(session), status, ((WebSocketConnection) session).closeInitiator());
		}
	}

	private static long fd(WebSocketSession session) {
		return ((WebSocketConnection) session).fd();
	}

	/** At most 125 bytes: the body of a control frame. */
	private static byte[] bytes(ByteBuffer payload) {
		byte[] copy = new byte[payload.remaining()];
		payload.duplicate().get(copy);
		return copy;
	}
}
