package dev.hawser.token;

import java.time.InstantSource;
import java.util.concurrent.Executors;

/** Makes the verifier that some settings describe. */
final class TokenVerifiers {

	private TokenVerifiers() {
	}

	/** As {@link TokenVerifier#of}. */
	static TokenVerifier of(TokenSettings settings) {
		return of(settings, InstantSource.system(), new SteadyClock());
	}

	/**
	 * @param clock  for the times in tokens
	 * @param steady for the time that keys and answers are kept
	 */
	static TokenVerifier of(TokenSettings settings, InstantSource clock, InstantSource steady) {
		if (!settings.trustsAKeyOrIssuer()) {
			throw new IllegalArgumentException("There is no key to check a token with");
		}
		TokenSettings.Introspection introspection = settings.introspection();
		if (introspection.url() != null) {
			return new IntrospectionTokenVerifier(new IntrospectionEndpoint(client(settings), introspection.url(),
					String.valueOf(introspection.clientId()), String.valueOf(introspection.clientSecret())), settings, clock, steady);
		}
		return new JwtTokenVerifier(keys(settings, steady), ClaimRules.ofJwt(settings, clock));
	}

	private static KeySource keys(TokenSettings settings, InstantSource steady) {
		if (settings.secret() != null || !settings.keys().isEmpty()) {
			return KeySource.of(ConfiguredKeys.read(settings));
		}
		KeyServer server = new KeyServer(client(settings), settings.jwks().url(), settings.issuer());
		return new RemoteKeys(server, settings, steady,
				Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("hawser-keys").factory()));
	}

	private static IssuerClient client(TokenSettings settings) {
		return new IssuerClient(settings.timeout(), settings.allowHttp());
	}
}
