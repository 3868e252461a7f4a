package dev.hawser.operations;

import dev.hawser.api.Clients;
import dev.hawser.api.Target;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/revoke}: closes all connections of a user or of a token. */
@WebEndpoint(id = "revoke")
final class RevokeEndpoint {
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Clients clients;

	RevokeEndpoint(Clients clients) {
		this.clients = clients;
	}

	/** @param closed how many connections are being closed */
	public record Revoked(long closed) {
	}

	/**
	 * Closes with 4403. One of the two must be given.
	 *
	 * @param user    name of the user
	 * @param tokenId the {@code jti} of the token
	 */
	@WriteOperation
	public Revoked revoke(@Nullable String user, @Nullable String tokenId) {
		String name = Objects.requireNonNullElse(user, "");
		String token = Objects.requireNonNullElse(tokenId, "");
		if (name.isEmpty() == token.isEmpty()) {
			String sentence = "Name either the user or the tokenId whose connections are to be closed.";
			throw new InvalidEndpointRequestException(sentence, sentence); // the second is shown to the caller
		}
		CompletionStage<Long> closed = token.isEmpty() ? clients.revoke(Target.user(name)) : clients.revokeToken(token);
		return new Revoked(closed.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
	}
}
