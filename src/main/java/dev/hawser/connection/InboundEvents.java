package dev.hawser.connection;

import dev.hawser.protocol.Opcode;
import org.springframework.web.socket.WebSocketMessage;

/** What {@link Inbound} makes of what comes in on a connection. Told without the connection's lock. */
interface InboundEvents {
	/** A message or control frame has come whole; {@code payload} in bytes. */
	void arrived(Opcode opcode, int payload);

	/** A message, or a control frame that the handler asks for, in its place among the callbacks. */
	void deliver(WebSocketMessage<?> message);

	/** The client sends faster than it may. */
	void overRate();

	/** The socket is to be read again. */
	void resume();
}
