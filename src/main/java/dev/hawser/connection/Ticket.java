package dev.hawser.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The id and the end of the token with which a connection was opened or renewed.
 *
 * @param tokenId the token's {@code jti}, by which it can be revoked; null when it has none
 * @param endsAt  when the connection must be closed with 4401; null for never
 */
public record Ticket(@Nullable String tokenId, @Nullable Instant endsAt) {
	/** For no token, or a token without {@code jti} that never expires. */
	public static final Ticket NONE = new Ticket(null, null);
}
