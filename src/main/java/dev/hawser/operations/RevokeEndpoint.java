package dev.hawser.operations;

import dev.hawser.api.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/revoke}: closes all connections of a user, or of a token, on this node. */
@WebEndpoint(id = "revoke")
final class RevokeEndpoint {
	private final WebSocketServer server;

	RevokeEndpoint(WebSocketServer server) {
		this.server = server;
	}

	/** @param closed how many connections are being closed */
	public record Revoked(int closed) {
	}

	/**
	 * Closes with 4403. One of the two must be given.
	 *
	 * @param user    name of the user
	 * @param tokenId the {@code jti} of the token
	 */
	@WriteOperation
	public Revoked revoke(@Nullable String user, @Nullable String tokenId) {
		boolean byUser = user != null && !user.isEmpty();
		boolean byToken = tokenId != null && !tokenId.isEmpty();
		if (byUser == byToken) {
			throw new InvalidEndpointRequestException("Name either the user or the tokenId whose connections are to be closed.",
					"user or tokenId");
		}
		return new Revoked(byUser ? server.revokeUser(user) : server.revokeToken(tokenId));
	}
}
