package dev.hawser.application.hub;

import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.token.VerifiedToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A connection and the hub that it came in by, as the renewal of tokens sees them. */
public record RenewableConnection(WebSocketConnection connection, HubEndpoint hub) implements TokenRenewal.Renewable {
	@Override
	public @Nullable String subject() {
		return connection.getPrincipal() == null ? null : connection.getPrincipal().getName();
	}

	@Override
	public HandshakePolicy policy() {
		return hub.policy();
	}

	@Override
	public boolean renew(VerifiedToken token, @Nullable Instant endsAt) {
		connection.renew(new Ticket(token.id(), endsAt));
		return connection.isOpen();
	}
}
