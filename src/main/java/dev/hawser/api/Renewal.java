package dev.hawser.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a fresh token, which has been verified, gives to an open connection.
 *
 * @param subject the subject that the token names, which must be that of the token that opened the connection; null for none
 * @param tokenId the token's {@code jti}, by which it can be revoked; null when it has none
 * @param endsAt  when the connection is closed because the token has ended; null for never
 */
public record Renewal(@Nullable String subject, @Nullable String tokenId, @Nullable Instant endsAt) {

	/** What became of it. */
	public enum Result {
		/** The connection now ends with the fresh token. */
		RENEWED,
		/** No such connection is open. */
		NOT_FOUND,
		/** The connection belongs to another subject, or to none; nothing has changed. */
		OTHER_SUBJECT,
		/** It cannot be told: what must be asked does not answer. */
		UNKNOWN
	}
}
