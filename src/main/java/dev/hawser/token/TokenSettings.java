package dev.hawser.token;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which tokens are accepted.
 *
 * @param required   whether a client without a token is refused with 401
 * @param secret     secret that signs tokens; short form of keys for a single secret. It has at least 32 bytes for HS256, 48 for
 *     HS384, 64 for HS512; without any key or issuer a development secret is generated at every start
 * @param keys       keys that tokens may be signed with; several while keys rotate. Each has an id, and either a secret or a
 *     public-key (PEM, or the path of a PEM file)
 * @param issuer     issuer that a token must name exactly in its iss claim; without secret, keys, jwks.url and introspection.url
 *     the keys are those that this issuer publishes (OpenID Connect Discovery)
 * @param jwks       keys that an issuer publishes
 * @param introspection an issuer that is asked about every token
 * @param allowHttp  whether issuers may be asked over http without TLS; on the loopback address this is always allowed
 * @param timeout    most time that a request to an issuer may take
 * @param algorithms signature algorithms that are accepted, such as RS256; when empty, all that fit the kind of each key
 * @param audience   names of this server, one of which a token must have in its aud claim; when empty, aud is not checked
 * @param cookie     name of the cookie in which a client may send its token
 * @param clockSkew  largest difference between the clocks of issuer and server that is tolerated
 * @param closeExpired whether a connection is closed with 4401 when its token has expired and the client has not presented a fresh
 *     one
 * @param expiryGrace  time that a connection stays open after its token has expired
 */
public record TokenSettings(@DefaultValue("true") boolean required, @Nullable String secret, @DefaultValue List<Key> keys,
		@Nullable String issuer, @DefaultValue Jwks jwks, @DefaultValue Introspection introspection,
		@DefaultValue("false") boolean allowHttp, @DefaultValue("5s") Duration timeout, @DefaultValue List<String> algorithms,
		@DefaultValue("hawser") List<String> audience, @DefaultValue("access_token") String cookie,
		@DefaultValue("30s") Duration clockSkew, @DefaultValue("true") boolean closeExpired,
		@DefaultValue("0s") Duration expiryGrace) {
	/** In characters; a longer token is refused without being read. */
	static final int LONGEST_TOKEN = 8 * 1024;
	static final String PREFIX = "hawser.handshake.token.";
	private static final int SHORTEST_SECRET = 32;

	public TokenSettings {
		if (secret != null) {
			checkSecret("secret", secret);
		}
		keys = List.copyOf(keys);
		checkKeys(keys);
		require(issuer == null || !issuer.isBlank(), "issuer must not be empty: leave it out to accept any.");
		boolean ownKeys = secret != null || !keys.isEmpty();
		require(!ownKeys || jwks.url() == null, "jwks.url cannot stand beside secret or keys: leave one of them out.");
		require(introspection.url() == null || (!ownKeys && jwks.url() == null),
				"introspection.url cannot stand beside secret, keys or jwks.url: leave one of them out.");
		checkUrl("jwks.url", jwks.url(), allowHttp);
		checkUrl("introspection.url", introspection.url(), allowHttp);
		checkUrl("issuer", ownKeys || jwks.url() != null || introspection.url() != null ? null : issuer, allowHttp);
		require(timeout.isPositive(), "timeout must be at least 1ms; the default is 5s.");
		algorithms = algorithms.stream().filter(name -> !name.isBlank()).toList();
		require(VerificationKey.ALGORITHM_NAMES.containsAll(algorithms), "algorithms may name "
				+ String.join(", ", VerificationKey.ALGORITHM_NAMES.stream().sorted().toList()) + " and nothing else.");
		require(!cookie.isBlank(), "cookie must not be empty; the default is access_token.");
		require(!clockSkew.isNegative(), "clock-skew must not be negative, but is " + clockSkew.toMillis() + "ms; the default is 30s.");
		require(!expiryGrace.isNegative(), "expiry-grace must not be negative, but is " + expiryGrace.toMillis()
				+ "ms; the default is 0s.");
		audience = audience.stream().filter(name -> !name.isBlank()).toList();
	}

	/**
	 * A key that tokens may be signed with.
	 *
	 * @param id        name of the key, which a token gives in its kid header; a token without kid is tried with every key
	 * @param secret    secret of the key: at least 32 bytes for HS256, 48 for HS384, 64 for HS512
	 * @param publicKey RSA, EC or Ed25519 key as PEM text, or the path of a PEM file
	 */
	public record Key(@Nullable String id, @Nullable String secret, @Nullable String publicKey) {
		@Override
		public String toString() {
			return "Key[" + id + ']';
		}
	}

	/**
	 * Keys that an issuer publishes.
	 *
	 * @param url             URL of the JWK set (RFC 7517); a URL in a token is never used
	 * @param refreshInterval how often the keys are fetched in the background, at least 1s
	 * @param outageTolerance how long known keys are still used when they cannot be fetched again
	 */
	public record Jwks(@Nullable String url, @DefaultValue("5m") Duration refreshInterval,
			@DefaultValue("1h") Duration outageTolerance) {
		public Jwks {
			require(refreshInterval.toMillis() >= 1000, "jwks.refresh-interval must be at least 1s; the default is 5m.");
			require(!outageTolerance.isNegative(), "jwks.outage-tolerance must not be negative; the default is 1h.");
		}
	}

	/**
	 * An issuer that is asked about every token (RFC 7662); tokens may then be opaque.
	 *
	 * @param url          URL of the issuer's introspection endpoint
	 * @param clientId     client id of this server at the introspection endpoint
	 * @param clientSecret client secret of this server at the introspection endpoint
	 * @param cacheTime    how long an answer is cached, 0s to 365d, but never longer than the token is valid; the answer that a
	 *     token is not valid is cached for 10s at most
	 * @param cacheSize    most answers that are cached, at least 1; when there are more, those used least are dropped
	 */
	public record Introspection(@Nullable String url, @Nullable String clientId, @Nullable String clientSecret,
			@DefaultValue("1m") Duration cacheTime, @DefaultValue("10000") int cacheSize) {
		private static final Duration LONGEST_CACHE_TIME = Duration.ofDays(365);

		public Introspection {
			require(url == null || (clientId != null && !clientId.isBlank() && clientSecret != null && !clientSecret.isBlank()),
					"introspection.url needs introspection.client-id and introspection.client-secret: the endpoint asks for them.");
			require(!cacheTime.isNegative() && cacheTime.compareTo(LONGEST_CACHE_TIME) <= 0,
					"introspection.cache-time must be from 0s to 365d; the default is 1m.");
			require(cacheSize >= 1, "introspection.cache-size must be at least 1; the default is 10000.");
		}

		@Override
		public String toString() {
			return "Introspection[url=" + url + ']';
		}
	}

	/** Whether a key or an issuer is configured; if not, the server generates a secret and a development token. */
	public boolean trustsAKeyOrIssuer() {
		return secret != null || !keys.isEmpty() || jwks.url() != null || introspection.url() != null || issuer != null;
	}

	/** These settings with another secret, of at least 32 bytes. */
	public TokenSettings withSecret(String other) {
		return new TokenSettings(required, other, keys, issuer, jwks, introspection, allowHttp, timeout, algorithms, audience, cookie,
				clockSkew, closeExpired, expiryGrace);
	}

	/** When a connection that was opened with the token must be closed: at its expiry plus clock skew and grace. Null for never. */
	public @Nullable Instant endOf(VerifiedToken token) {
		return endOf(token, clockSkew);
	}

	/** As above, of a token whose signer's clock may differ by this much. */
	public @Nullable Instant endOf(VerifiedToken token, Duration skew) {
		Instant end = token.expiresAt();
		return closeExpired && end != null ? end.plus(skew).plus(expiryGrace) : null;
	}

	private static void checkKeys(List<Key> keys) {
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < keys.size(); i++) {
			Key key = keys.get(i);
			String name = "keys[" + i + "]";
			require(key.id() != null && !key.id().isBlank() && ids.add(key.id()), name
					+ ".id is missing, or another key has it: each key needs an id of its own, which tokens give as 'kid'.");
			require(key.secret() == null ^ key.publicKey() == null, name + " needs either a secret or a public-key.");
			if (key.secret() != null) {
				checkSecret(name + ".secret", key.secret());
			}
		}
	}

	private static void checkSecret(String name, String secret) {
		require(secret.getBytes(StandardCharsets.UTF_8).length >= SHORTEST_SECRET, name + " must have at least " + SHORTEST_SECRET
				+ " bytes (RFC 7518 section 3.2): make one with 'openssl rand -base64 48', or leave the property out to have"
				+ " a development key made at every start.");
	}

	private static void checkUrl(String name, @Nullable String url, boolean allowHttp) {
		try {
			require(url == null || IssuerClient.isAllowed(URI.create(url), allowHttp), name
					+ " must be an https URL without a user name; hawser.handshake.token.allow-http=true accepts http.");
		}
		catch (IllegalArgumentException e) {
			throw url != null && String.valueOf(e.getMessage()).startsWith(PREFIX) ? e
					: new IllegalArgumentException(PREFIX + name + " is not a URL.", e);
		}
	}

	private static void require(boolean fine, String sentence) {
		if (!fine) {
			throw new IllegalArgumentException(PREFIX + sentence);
		}
	}

	/** Without secrets. */
	@Override
	public String toString() {
		return "TokenSettings[required=" + required + ", keys=" + keys + ", issuer=" + issuer + ", audience=" + audience + ']';
	}
}
