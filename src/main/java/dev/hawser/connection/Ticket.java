package dev.hawser.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the token that let a connection in says of its stay.
 *
 * @param tokenId the token's own name ({@code jti}), by which it can be revoked; null when it has none
 * @param endsAt  when the connection is to be closed with 4401; null for never
 */
public record Ticket(@Nullable String tokenId, @Nullable Instant endsAt) {
	/** No token, or one without a name that never ends. */
	public static final Ticket NONE = new Ticket(null, null);
}
