package dev.hawser.connection;

import dev.hawser.api.Frame;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.CloseCodes;
import dev.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.util.Set;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * What a handler expects beyond Spring's contract.
 *
 * @param controlFrames control frames that it receives as messages: {@link org.springframework.web.socket.PingMessage} (the handler
 *     must then answer them), {@link org.springframework.web.socket.PongMessage}, {@link CloseMessage}
 * @param nonBlocking   events whose code never blocks, so that they may run on the thread that reads the socket; {@link
 *     CallbackKind#CLOSE} may run on any thread, including the one for all deadlines
 * @param takesArrays   whether binary messages come as {@link ArrayMessage}
 */
public record HandlerTraits(Set<Opcode> controlFrames, Set<CallbackKind> nonBlocking, boolean takesArrays) {
	/** Spring's own contract: pongs are delivered, every call may block, binary messages come as Spring's class. */
	public static final HandlerTraits SPRING = new HandlerTraits(Set.of(Opcode.PONG), Set.of(), false);

	/** Implemented by a handler that declares its traits; all others get {@link #SPRING}. */
	public interface Declared extends WebSocketHandler {
		HandlerTraits traits();
	}

	/** Implemented by a handler that is told of the groups of connections. */
	public interface GroupHandler extends WebSocketHandler {
		/** Whether it wants to be told; if not, its other methods of this interface are not called. */
		boolean wantsGroups();

		/** The connection has joined a group. Called in order with its other events, after the first and before the last. */
		void joined(WebSocketSession session, String group) throws Exception;

		/** The connection has left a group. As {@link #joined}. */
		void left(WebSocketSession session, String group) throws Exception;
	}

	static HandlerTraits of(WebSocketHandler handler) {
		return handler instanceof Declared declared ? declared.traits() : SPRING;
	}

	/**
	 * The peer's close frame as a message, for handlers whose {@link HandlerTraits} ask for it; delivered before the echo is sent.
	 *
	 * @param status the peer's status; code 1005 when its frame had no code
	 */
	public record CloseMessage(CloseStatus status) implements WebSocketMessage<CloseStatus> {

		@Override
		public CloseStatus getPayload() {
			return status;
		}

		@Override
		public int getPayloadLength() {
			return CloseCodes.body(status).length;
		}

		@Override
		public boolean isLast() {
			return true;
		}
	}

	/**
	 * A binary message without the buffer that Spring's {@link org.springframework.web.socket.BinaryMessage} puts around it, for
	 * handlers whose {@link HandlerTraits} ask for it.
	 *
	 * @param data the message; no other message shares the array
	 */
	public record ArrayMessage(byte[] data) implements WebSocketMessage<byte[]> {

		@Override
		public byte[] getPayload() {
			return data;
		}

		@Override
		public int getPayloadLength() {
			return data.length;
		}

		@Override
		public boolean isLast() {
			return true;
		}
	}

	/** An event that a subprotocol has read, for handlers that take {@link ArrayMessage}. */
	public record FrameMessage(Frame frame) implements WebSocketMessage<Frame> {

		@Override
		public Frame getPayload() {
			return frame;
		}

		@Override
		public int getPayloadLength() {
			return frame.data().length;
		}

		@Override
		public boolean isLast() {
			return true;
		}

		/** The same as a message of Spring, for all other handlers. */
		WebSocketMessage<?> asSpringMessage() {
			return frame.isText() ? new TextMessage(frame.text()) : new BinaryMessage(ByteBuffer.wrap(frame.data()), true);
		}
	}
}
