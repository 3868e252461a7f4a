package dev.hawser.handshake;

import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a valid token says.
 *
 * @param subject   whom it names; null when it names nobody
 * @param claims    all its claims
 * @param expiresAt when it ends; null for never
 */
public record VerifiedToken(@Nullable String subject, Map<String, Object> claims, @Nullable Instant expiresAt) {

	/** The subject as a principal; null when the token names nobody. */
	@Nullable Principal principal() {
		return subject == null ? null : new TokenPrincipal(subject);
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
