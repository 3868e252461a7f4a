package dev.hawser.connection;

import dev.hawser.protocol.CloseCodes;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The peer's close frame as a message, for handlers whose {@link HandlerTraits} ask for it; comes before the echo is sent.
 *
 * @param status what the peer closes with; code 1005 when its frame had no code
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
