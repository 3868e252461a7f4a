package dev.hawser.token;

import org.jspecify.annotations.Nullable;

/** The secret that is generated at the start when no key is configured; null when the settings name a key. */
public record DevelopmentSecret(@Nullable String generated) {
	public static DevelopmentSecret of(TokenSettings settings) {
		return new DevelopmentSecret(settings.trustsAKeyOrIssuer() ? null : DevelopmentToken.newSecret());
	}

	public TokenSettings addedTo(TokenSettings settings) {
		return generated == null ? settings : settings.withSecret(generated);
	}

	@Override
	public String toString() {
		return generated == null ? "configured keys" : "generated secret";
	}
}
