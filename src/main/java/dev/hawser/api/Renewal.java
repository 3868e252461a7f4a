package dev.hawser.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of a verified fresh token for an open connection.
 *
 * @param subject the subject that the token names, which must be that of the token that opened the connection; null for none
 * @param tokenId the token's {@code jti}, by which it can be revoked; null when it has none
 * @param endsAt  when the connection is closed because the token has expired; null for never
 */
public record Renewal(@Nullable String subject, @Nullable String tokenId, @Nullable Instant endsAt) {

	/** The result of a renewal. */
	public enum Result {
		/** The connection now lasts as long as the fresh token. */
		RENEWED,
		/** No such connection is open. */
		NOT_FOUND,
		/** The connection belongs to another subject, or to none; nothing has changed. */
		OTHER_SUBJECT,
		/** The result is not known, because another part of the cluster does not answer. */
		UNKNOWN
	}
}
