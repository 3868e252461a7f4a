package dev.hawser.token;

import java.time.InstantSource;
import java.util.concurrent.Executors;

/** Makes the verifier that some settings describe. */
public final class TokenVerifiers {

	private TokenVerifiers() {
	}

	/**
	 * A new verifier; whoever asked for it closes it. Does not wait for the network: keys that have to be fetched come later, and
	 * until then tokens cannot be checked.
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
		TokenSettings.Introspection introspection = settings.introspection();
		if (introspection.url() != null) {
			return new IntrospectionTokenVerifier(new IntrospectionEndpoint(client(settings), introspection.url(),
					String.valueOf(introspection.clientId()), String.valueOf(introspection.clientSecret())), settings, clock);
		}
		return new JwtTokenVerifier(keys(settings, clock), ClaimRules.ofJwt(settings, clock));
	}

	private static KeySource keys(TokenSettings settings, InstantSource clock) {
		if (!settings.staticKeys().isEmpty()) {
			return KeySource.of(settings.staticKeys());
		}
		KeyServer server = new KeyServer(client(settings), settings.jwks().url(), settings.issuer());
		return new RemoteKeys(server, settings, clock,
				Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("hawser-keys").factory()));
	}

	private static IssuerClient client(TokenSettings settings) {
		return new IssuerClient(settings.timeout(), settings.allowHttp());
	}
}
