package dev.hawser.connection;

import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** Turns Spring's messages into frames. */
final class SpringMessage {
	private SpringMessage() {
	}

	/**
	 * @param nextFragment gives the opcode that a text or binary frame must have now
	 * @throws IllegalArgumentException for a class of messages that Spring does not send
	 */
	static OutgoingFrame frame(WebSocketMessage<?> message, UnaryOperator<Opcode> nextFragment) {
		return switch (message) {
			case TextMessage text -> new OutgoingFrame(nextFragment.apply(Opcode.TEXT), text.isLast(), text.asBytes());
			case BinaryMessage binary ->
				new OutgoingFrame(nextFragment.apply(Opcode.BINARY), binary.isLast(), bytes(binary.getPayload()));
			case PingMessage ping -> new OutgoingFrame(Opcode.PING, true, bytes(ping.getPayload()));
			case PongMessage pong -> new OutgoingFrame(Opcode.PONG, true, bytes(pong.getPayload()));
			default -> throw new IllegalArgumentException("Cannot send a " + message.getClass().getName()
					+ ": use TextMessage, BinaryMessage, PingMessage or PongMessage.");
		};
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] copy = new byte[buffer.remaining()];
		buffer.get(buffer.position(), copy);
		return copy;
	}
}
