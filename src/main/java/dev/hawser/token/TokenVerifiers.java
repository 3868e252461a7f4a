package dev.hawser.token;

import java.time.InstantSource;

/** Makes the verifier that some settings describe. */
public final class TokenVerifiers {

	private TokenVerifiers() {
	}

	/**
	 * A new verifier; whoever asked for it closes it. Asks nobody over the network before it returns.
	 *
	 * @throws IllegalArgumentException when the settings trust nobody ({@link TokenSettings#trustsSomebody})
	 */
	public static TokenVerifier of(TokenSettings settings) {
		return of(settings, InstantSource.system());
	}

	static TokenVerifier of(TokenSettings settings, InstantSource clock) {
		if (!settings.trustsSomebody()) {
			throw new IllegalArgumentException("There is no key to check a token with");
		}
		return new JwtTokenVerifier(KeySource.of(settings.staticKeys()), ClaimRules.ofJwt(settings, clock));
	}
}
