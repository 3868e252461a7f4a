package dev.hawser.connection;

import dev.hawser.protocol.OutgoingFrame;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Translates between a client's frames and the application's messages: reads the frames of a client and wraps messages for it. One
 * object serves all connections with the subprotocol, on any thread. Declared as a bean; used for a client that agreed on its name
 * at the handshake.
 */
public interface Subprotocol {
	/** For all other clients: each message is passed on unchanged. */
	Subprotocol RAW = new Subprotocol() {
		@Override
		public String name() {
			return "";
		}
	};

	/** The name in {@code Sec-WebSocket-Protocol}. */
	String name();

	/**
	 * Receives a message, or a control frame that the handler asks for. Called in order with the callbacks of the connection, and
	 * never for two messages at the same time.
	 *
	 * @param application receives the messages for the application
	 */
	default void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
		application.message(message);
	}

	/**
	 * The frame that carries a whole text or binary message to a client. The result must depend on the message only: the frame made
	 * for one receiver of a broadcast is sent to all.
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
