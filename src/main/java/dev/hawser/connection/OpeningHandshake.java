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
 * @param identity    whose it is and what it may do
 * @param ticket      how long the token lets it stay
 * @param subprotocol the one agreed on, or null
 * @param deflate     what was agreed on about compression; null for nothing
 * @param attributes  what the handshake left for the handler; becomes the connection's own map
 * @param recoveredId the connection's name, where it began on another node and is continued here; null for one that begins now
 */
public record OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Identity identity,
		Ticket ticket, @Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes,
		@Nullable String recoveredId) {

	/** Of a connection that begins now. */
	public OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Identity identity, Ticket ticket,
			@Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes) {
		this(hub, fd, request, principal, identity, ticket, subprotocol, deflate, attributes, null);
	}

	/** Of one that begins now, belongs to the user whom the principal names, and has nothing else. */
	public OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Ticket ticket,
			@Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes) {
		this(hub, fd, request, principal, Identity.NONE, ticket, subprotocol, deflate, attributes, null);
	}

	/** The user that it belongs to; null for none. */
	@Nullable
	String userId() {
		return identity.userId() != null || principal == null ? identity.userId() : principal.getName();
	}

	/** Says nothing of address and headers, in which a ticket may stand. */
	@Override
	public String toString() {
		return "OpeningHandshake[fd=" + fd + "]";
	}
}
