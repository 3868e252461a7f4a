package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.Opcode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Told what connections do, to count or report it. Called on the threads of the events, never under a connection's lock;
 * implementations must be quick and must not throw. For each connection {@link #opened} is called first and {@link #closed} last.
 */
public interface ConnectionObserver {
	/** Does nothing. */
	ConnectionObserver NONE = new ConnectionObserver() {
	};

	/** Tells all of these observers, in their order. A single observer is returned itself, so that it costs nothing more. */
	static ConnectionObserver of(List<ConnectionObserver> observers) {
		return switch (observers.size()) {
			case 0 -> NONE;
			case 1 -> observers.getFirst();
			default -> new EachObserver(observers);
		};
	}

	/**
	 * The context that a connection's callbacks run in; null for none. Called once for each connection, on the thread of its
	 * handshake.
	 */
	default @Nullable CallbackContext context() {
		return null;
	}

	default void opened(WebSocketConnection connection) {
	}

	/** The connection's last callback is over; the connection can be found until this returns. */
	default void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
	}

	/** A whole message or control frame has come; {@code payload} in bytes. */
	default void received(WebSocketConnection connection, Opcode opcode, int payload) {
	}

	/**
	 * As {@link #received(WebSocketConnection, Opcode, int)}, which this calls.
	 *
	 * @param content the message, which must be neither changed nor kept; null for a control frame
	 */
	default void received(WebSocketConnection connection, Opcode opcode, int payload, @Nullable WebSocketMessage<?> content) {
		received(connection, opcode, payload);
	}

	/** A frame was accepted for sending; {@code payload} in bytes, 0 for a close frame. */
	default void sent(WebSocketConnection connection, Opcode opcode, int payload) {
	}

	/**
	 * As {@link #sent(WebSocketConnection, Opcode, int)}, which this calls.
	 *
	 * @param content the frame's payload as a {@code String} or {@code byte[]}, or the frame itself, which must be neither changed nor
	 *     kept; null for a close frame
	 */
	default void sent(WebSocketConnection connection, Opcode opcode, int payload, @Nullable Object content) {
		sent(connection, opcode, payload);
	}

	/** A send was refused: {@code TooLarge}, {@code Overflowed}. */
	default void refused(WebSocketConnection connection, SendResult result) {
	}

	/** This many messages were dropped, because their deadline passed while they waited for the client. */
	default void dropped(WebSocketConnection connection, int messages) {
	}

	/** The connection has lost its socket, and stays open without one. */
	default void lost(WebSocketConnection connection) {
	}

	/** A client has come back, to a connection that had lost its socket or to none. */
	default void cameBack(Comeback.Outcome outcome) {
	}

	/** A push or a disconnect by the application had this result. */
	default void pushed(WebSocketConnection connection, SendResult result) {
	}

	/** The client has sent faster than its rate allows. */
	default void overRate(WebSocketConnection connection) {
	}

	/** A callback returned or threw after this time. */
	default void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
	}

	/** Makes the observers of connections. Any number of rooms may declare one as a bean; without one no observer is told. */
	interface Factory {
		/** Makes the observer of a hub's connections. */
		ConnectionObserver ofHub(String hub);

		/** A push to a connection that does not exist had this result; its hub is not known. */
		default void pushedInVain(SendResult result) {
		}
	}
}
