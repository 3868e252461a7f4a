package dev.hawser.connection;

import dev.hawser.protocol.Opcode;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.WebSocketMessage;

/** The events that {@link Inbound} makes of received bytes. Called without the connection's lock. */
interface InboundEvents {
	/**
	 * A whole message or control frame has come.
	 *
	 * @param payload in bytes
	 * @param message null for a control frame
	 */
	void arrived(Opcode opcode, int payload, @Nullable WebSocketMessage<?> message);

	/** Delivers a message, or a control frame that the handler asks for, in order with the other callbacks. */
	void deliver(WebSocketMessage<?> message);

	/** The client sends faster than its rate allows. */
	void overRate();

	/** The socket must be read again. */
	void resume();
}
