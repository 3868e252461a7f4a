package dev.hawser.token;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a valid token.
 *
 * @param subject   the user that the token names; null when it names no user
 * @param claims    all its claims
 * @param expiresAt when the token expires; null when it does not say, which only introspection allows
 * @param id        the token's {@code jti}, by which it can be revoked; null when it has none
 */
public record VerifiedToken(@Nullable String subject, Map<String, @Nullable Object> claims, @Nullable Instant expiresAt,
		@Nullable String id) {

	/** The subject as a principal; null when the token names no user. */
	public @Nullable Principal principal() {
		return subject == null || subject.isEmpty() ? null : new TokenPrincipal(subject);
	}

	/** The names in {@code aud}, for whom the token is; empty when it has none. */
	public List<String> audience() {
		return claims.get("aud") instanceof List<?> names ? names.stream().map(String::valueOf).toList() : List.of();
	}

	/** Without the claims, which must not get into a log. */
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
