package dev.hawser.connection;

import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.Opcode;
import java.util.Set;
import org.springframework.web.socket.WebSocketHandler;

/**
 * What a handler wants beyond Spring's contract.
 *
 * @param controlFrames control frames that it receives as messages: {@link org.springframework.web.socket.PingMessage}
 *     (the engine then leaves the answer to it), {@link org.springframework.web.socket.PongMessage}, {@link CloseMessage}
 * @param nonBlocking   events whose code never blocks, so that they may run on the thread that reads the socket;
 *     {@link CallbackKind#CLOSE} only if it does nothing at all, since it may run under the connection's lock
 * @param takesArrays   whether binary messages come as {@link ArrayMessage}
 */
public record HandlerTraits(Set<Opcode> controlFrames, Set<CallbackKind> nonBlocking, boolean takesArrays) {
	/** Spring's own contract: pongs are delivered, every call may block, binary messages are Spring's. */
	public static final HandlerTraits SPRING = new HandlerTraits(Set.of(Opcode.PONG), Set.of(), false);

	/** Implemented by a handler that states its traits; all others get {@link #SPRING}. */
	public interface Declared extends WebSocketHandler {
		HandlerTraits traits();
	}

	static HandlerTraits of(WebSocketHandler handler) {
		return handler instanceof Declared stated ? stated.traits() : SPRING;
	}
}
