package dev.hawser.connection;

import dev.hawser.protocol.PerMessageDeflate;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the opening handshake settled about a connection, which keeps what it needs of it.
 *
 * @param hub         the endpoint that it came in by
 * @param fd          the connection's number, given out by {@link Connections#nextFd}
 * @param request     its address and headers
 * @param principal   whom the token named; null for an anonymous client
 * @param ticket      how long the token lets it stay
 * @param subprotocol the one agreed on, or null
 * @param deflate     what was agreed on about compression; null for nothing
 * @param attributes  what the handshake left for the handler; becomes the connection's own map
 */
public record OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Ticket ticket,
		@Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes) {

	/** Says nothing of address and headers, in which a ticket may stand. */
	@Override
	public String toString() {
		return "OpeningHandshake[fd=" + fd + "]";
	}
}
