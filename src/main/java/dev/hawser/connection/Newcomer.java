package dev.hawser.connection;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * A client that has come back to this node and whose connection is not here. Its 101 is on the wire; it gets nothing and is not heard until
 * {@link #begin} or {@link #refuse}, of which one is called, once. Any thread may call.
 */
public interface Newcomer {
	/** The connection that the client has proved to be its own. */
	String connectionId();

	/** The hub that it has come back to. */
	String hub();

	/**
	 * Makes the connection: it can be found, is in its groups, and takes messages.
	 *
	 * @param attribute name of an attribute that another room adds
	 * @param value     its value; null for none
	 */
	WebSocketConnection take(Luggage luggage, String attribute, @Nullable Object value);

	/** The client gets what it has not confirmed, and all that follows. */
	void begin();

	/** Closes the socket with this status. */
	void refuse(CloseStatus status);
}
