package dev.hawser.connection;

import dev.hawser.protocol.PerMessageDeflate;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the opening handshake has decided about a connection.
 *
 * @param hub         the hub that the client connected to
 * @param fd          the connection's number, given out by {@link Connections#nextFd}
 * @param request     address and headers of the request
 * @param principal   the user that the token named; null for an anonymous client
 * @param identity    the connection's user, groups and roles
 * @param ticket      until when the token allows the connection
 * @param subprotocol the agreed subprotocol; null for none
 * @param deflate     the agreement on compression; null for no compression
 * @param attributes  attributes from the handshake; the map becomes the connection's own
 * @param recoveredId the connection's name, if it began on another node and continues here; null for a new connection
 */
public record OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Identity identity,
		Ticket ticket, @Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes,
		@Nullable String recoveredId) {

	/** The handshake of a new connection. */
	public OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Identity identity, Ticket ticket,
			@Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes) {
		this(hub, fd, request, principal, identity, ticket, subprotocol, deflate, attributes, null);
	}

	/** The handshake of a new connection of the principal's user, without groups and roles. */
	public OpeningHandshake(Hub hub, long fd, StoredRequest request, @Nullable Principal principal, Ticket ticket,
			@Nullable String subprotocol, @Nullable PerMessageDeflate deflate, Map<String, Object> attributes) {
		this(hub, fd, request, principal, Identity.NONE, ticket, subprotocol, deflate, attributes, null);
	}

	/** The same, for a client that has come back to this connection; null for none. */
	public OpeningHandshake of(@Nullable String connectionId) {
		return new OpeningHandshake(hub, fd, request, principal, identity, ticket, subprotocol, deflate, attributes, connectionId);
	}

	/** The user of the connection; null for none. */
	@Nullable
	String userId() {
		String named = identity.userId();
		if (named == null) {
			return principal == null ? null : principal.getName();
		}
		return named.isEmpty() ? null : named;
	}

	/** Does not contain address and headers, which may hold a token. */
	@Override
	public String toString() {
		return "OpeningHandshake[fd=" + fd + "]";
	}
}
