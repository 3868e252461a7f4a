package dev.hawser.token;

import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a valid token says.
 *
 * @param subject   whom it names; null when it names nobody
 * @param claims    all its claims
 * @param expiresAt when it ends; null when it does not say, which only introspection accepts
 * @param id        its own name ({@code jti}), by which it can be revoked; null when it has none
 */
public record VerifiedToken(@Nullable String subject, Map<String, @Nullable Object> claims, @Nullable Instant expiresAt,
		@Nullable String id) {

	/** The subject as a principal; null when the token names nobody. */
	public @Nullable Principal principal() {
		return subject == null ? null : new TokenPrincipal(subject);
	}

	/** Without the claims, which are nobody's business in a log. */
	@Override
	public String toString() {
		return "VerifiedToken[expiresAt=" + expiresAt + "]";
	}

	private record TokenPrincipal(String name) implements Principal {
		@Override
		public String getName() {
			return name;
		}

		@Override
		public String toString() {
			return name;
		}
	}
}
