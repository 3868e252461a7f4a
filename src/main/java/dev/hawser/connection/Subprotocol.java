package dev.hawser.connection;

import dev.hawser.api.DataType;
import dev.hawser.api.Frame;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.SendResult;
import dev.hawser.protocol.OutgoingFrame;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Translates between a client's frames and the application's messages: reads the frames of a client and wraps messages for it. One
 * object serves all connections with the subprotocol, on any thread; what it has to remember of one connection it gives to {@link
 * WebSocketConnection#keep}. Declared as a bean; used for a client that agreed on its name at the handshake.
 *
 * <pre>
 *  opened ──▶ received, received, ... ──▶ closed         one after the other, with the callbacks of the connection
 *  wrap ──▶ send ──▶ the outbox                          for each message to the client, on any thread
 *  farewell                                              before a close frame of the server, on any thread
 * </pre>
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
	 * Whether a client that has agreed on no subprotocol uses this one, because its request says so. Asked once for a connection.
	 *
	 * @param opening has the attributes that {@link #objection} has set
	 */
	default boolean isMeantBy(OpeningHandshake opening) {
		return false;
	}

	/**
	 * How connections of the hub outlive their sockets; null if they end with them. Asked for each new connection, so one object should
	 * serve many.
	 */
	default @Nullable Continuity continuity(String hub) {
		return null;
	}

	/** Whether the request asks to go on with a connection that outlives its socket, and not for a new one. Must be quick. */
	default boolean isReturn(HandshakeRequest request) {
		return false;
	}

	/** The id of the connection to go on with; null when the client has not proved that it is its own, or it is gone. */
	default @Nullable String claimed(HandshakeRequest request) {
		return null;
	}

	/**
	 * Brings the connection of a client that has come back here from another node. Called when the 101 is on the wire, on the thread that
	 * reads the socket, which must not be blocked.
	 *
	 * @return false when there is no other node; the newcomer is then refused
	 */
	default boolean bringHere(Newcomer newcomer) {
		return false;
	}

	/**
	 * Whether no request of the client is still being carried out, apart from callbacks. Only then its connection can move to another node.
	 * Called under the connection's lock, as the two below.
	 */
	default boolean isSettled(WebSocketConnection connection) {
		return true;
	}

	/** What it remembers of the connection, for {@link #restore} on another node. */
	default byte[] state(WebSocketConnection connection) {
		return new byte[0];
	}

	/** @param state what {@link #state} has returned on another node, perhaps one of the version before */
	default void restore(WebSocketConnection connection, byte[] state) {
	}

	/** The sentence with which a handshake is refused that asks for this subprotocol wrongly; null for no objection. */
	default @Nullable String objection(HandshakeRequest request) {
		return null;
	}

	/**
	 * The 101 is on the wire, and nothing else: what is sent here is the first that the client gets. The connection cannot be found
	 * yet. Called once, before all callbacks, on the thread that reads the socket, which must not be blocked.
	 */
	default void opened(WebSocketConnection connection) {
	}

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
	 * The frame that carries a whole text or binary message to a client. The result must depend on the arguments only: the frame made
	 * for one receiver of a broadcast is given to {@link #send} for each.
	 *
	 * @param message the payload, and until when it is of use: the result must have the same deadline
	 */
	default OutgoingFrame wrap(OutgoingFrame message, Envelope envelope) {
		return message;
	}

	/**
	 * Sends a wrapped message to one client. A subprotocol with {@link #continuity} uses {@link WebSocketConnection#sendNumbered}.
	 */
	default SendResult send(WebSocketConnection connection, OutgoingFrame wrapped) {
		return connection.send(wrapped);
	}

	/**
	 * The message that goes out before the server's close frame; null for none. Called under the connection's lock: must not do
	 * anything else.
	 */
	default @Nullable OutgoingFrame farewell(WebSocketConnection connection, CloseStatus status) {
		return null;
	}

	/** The connection has ended, and its last callback is over. Called once, on the thread of that callback. */
	default void closed(WebSocketConnection connection, CloseStatus status) {
	}

	/**
	 * What is known of a message besides its payload.
	 *
	 * @param type     how the payload is to be read
	 * @param metadata small texts by name; most messages have none
	 * @param group    the group that the message was sent to; null for a message of the server to connections, users or a hub
	 * @param sender   the user in whose name it was sent; null for none
	 */
	record Envelope(DataType type, Map<String, String> metadata, @Nullable String group, @Nullable String sender) {
		static final Envelope TEXT = new Envelope(DataType.TEXT, Map.of(), null, null);
		static final Envelope BINARY = new Envelope(DataType.BINARY, Map.of(), null, null);

		/**
		 * The envelope of a message of the server.
		 *
		 * @throws IllegalArgumentException when the message is said to be JSON and is not; the JSON of a client has been checked before
		 */
		public static Envelope of(Frame message) {
			if (message.isPlain()) {
				return message.isText() ? TEXT : BINARY;
			}
			if (message.dataType() == DataType.JSON && !message.isReceived()) {
				JsonText.require(message);
			}
			return new Envelope(message.dataType(), message.metadata(), null, message.sender());
		}

		/** The same for a message to a group. */
		public Envelope toGroup(String name) {
			return new Envelope(type, metadata, name, sender);
		}
	}

	/** The application behind a connection. */
	interface Application {
		/** Calls the application with the message. If it throws, the connection is closed with 1011. */
		void message(WebSocketMessage<?> message);

		/**
		 * Calls the application with an event that the client has sent. If it throws, the connection stays open.
		 *
		 * @return whether the application has taken the event
		 */
		boolean event(Frame frame);
	}
}
