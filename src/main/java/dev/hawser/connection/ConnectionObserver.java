package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.Opcode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Is told what connections do: to count it, or to tell others. Called on the threads that do it, never under a connection's lock:
 * implementations must be quick and must not throw. Of one connection {@link #opened} comes first and {@link #closed} last.
 */
public interface ConnectionObserver {
	/** Sees nothing. */
	ConnectionObserver NONE = new ConnectionObserver() {
	};

	/** All of these, in their order; one alone is itself, so that it costs nothing more. */
	static ConnectionObserver of(List<ConnectionObserver> observers) {
		return switch (observers.size()) {
			case 0 -> NONE;
			case 1 -> observers.getFirst();
			default -> new EachObserver(observers);
		};
	}

	/** Asked once for each connection, on the thread of its handshake: what its callbacks are to run in, or null for nothing. */
	default @Nullable CallbackContext context() {
		return null;
	}

	default void opened(WebSocketConnection connection) {
	}

	/** Its last callback is over, and it is found until this returns. */
	default void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
	}

	/** A message or control frame came in whole; {@code payload} in bytes. */
	default void received(WebSocketConnection connection, Opcode opcode, int payload) {
	}

	/** A frame was accepted for sending; {@code payload} in bytes, 0 for a close frame. */
	default void sent(WebSocketConnection connection, Opcode opcode, int payload) {
	}

	/** A send was refused: {@code TooLarge}, {@code Overflowed}. */
	default void refused(WebSocketConnection connection, SendResult result) {
	}

	/** So many messages were dropped: they were good only until a moment that came while they waited for the client. */
	default void dropped(WebSocketConnection connection, int messages) {
	}

	/** A push or a disconnect of the application's had this result. */
	default void pushed(WebSocketConnection connection, SendResult result) {
	}

	/** The client sent faster than it may. */
	default void overRate(WebSocketConnection connection) {
	}

	/** A callback returned or threw after this time. */
	default void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
	}
}
