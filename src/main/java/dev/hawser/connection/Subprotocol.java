package dev.hawser.connection;

import dev.hawser.protocol.OutgoingFrame;
import org.springframework.web.socket.WebSocketMessage;

/**
 * What a client's subprotocol makes of messages: what a frame of this client means, and how a message is wrapped for it. One object
 * serves all connections of it, on any thread. Declared as a bean; a client speaks it when its name was agreed on at the handshake.
 */
public interface Subprotocol {
	/** Of all other clients: each message is the application's, as it is. */
	Subprotocol RAW = new Subprotocol() {
		@Override
		public String name() {
			return "";
		}
	};

	/** As {@code Sec-WebSocket-Protocol} has it. */
	String name();

	/**
	 * A message has come, or a control frame that the handler asks for. Called in its turn among the callbacks of the connection,
	 * and never for two at the same time.
	 *
	 * @param application is given what of it is a message to the application
	 */
	default void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
		application.message(message);
	}

	/**
	 * The frame that carries a whole text or binary message to a client. Depends on the message only: what it returns for one
	 * receiver of a broadcast goes to all.
	 */
	default OutgoingFrame wrap(OutgoingFrame message) {
		return message;
	}

	/** The application behind a connection. */
	interface Application {
		/** Calls the application with the message. */
		void message(WebSocketMessage<?> message);
	}
}
