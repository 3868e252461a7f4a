package dev.hawser.connection;

import org.springframework.web.socket.WebSocketMessage;

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
