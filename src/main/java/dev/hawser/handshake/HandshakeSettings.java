package dev.hawser.handshake;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may open a connection.
 *
 * @param allowedOrigins browser origins that may connect besides the server's own, such as {@code https://app.example.com};
 *     {@code https://*.example.com} allows all sub-domains, {@code *} all
 * @param requireOrigin  whether a client that sends no {@code Origin}, and so is no browser, is turned away
 * @param subprotocols   subprotocols that the server agrees to, when the client offers them
 * @param token          the ticket that a client must show
 */
@ConfigurationProperties("hawser.handshake")
public record HandshakeSettings(@DefaultValue List<String> allowedOrigins, @DefaultValue("false") boolean requireOrigin,
		@DefaultValue List<String> subprotocols, @DefaultValue Token token) {

	public HandshakeSettings {
		for (String origin : allowedOrigins) {
			checkOrigin(origin);
		}
		if (subprotocols.stream().anyMatch("bearer"::equalsIgnoreCase)) {
			throw new IllegalArgumentException(
					"hawser.handshake.subprotocols must not contain 'bearer': that name announces a token and is never echoed.");
		}
	}

	private static void checkOrigin(String origin) {
		try {
			new AllowedOrigins(List.of(origin));
		}
		catch (IllegalArgumentException e) {
			throw new IllegalArgumentException("hawser.handshake.allowed-origins has an entry that " + e.getMessage()
					+ ": write https://app.example.com, https://*.example.com or *, without a path.", e);
		}
	}

	/**
	 * @param required  whether a client without a token is turned away with 401
	 * @param secret    key of the HS256 signature, at least 32 bytes; without one a key is made at every start
	 * @param audience  a token must name one of these in aud; empty: any token will do
	 * @param cookie    name of the cookie in which a token may come
	 * @param clockSkew by how much the clocks of issuer and server may differ
	 * @param closeExpired whether a connection is closed with 4401 when its token ends and no fresh one was presented
	 * @param expiryGrace  time after that end in which it stays open
	 */
	public record Token(@DefaultValue("true") boolean required, @Nullable String secret,
			@DefaultValue("hawser") List<String> audience, @DefaultValue("access_token") String cookie,
			@DefaultValue("30s") Duration clockSkew, @DefaultValue("true") boolean closeExpired,
			@DefaultValue("0s") Duration expiryGrace) {
		private static final int SHORTEST_SECRET = 32;

		public Token {
			if (secret != null && secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
				throw new IllegalArgumentException("hawser.handshake.token.secret must have at least " + SHORTEST_SECRET
						+ " bytes (RFC 7518 section 3.2): make one with 'openssl rand -base64 48', or leave the property out to have"
						+ " a development key made at every start.");
			}
			if (cookie.isBlank()) {
				throw new IllegalArgumentException("hawser.handshake.token.cookie must not be empty; the default is access_token.");
			}
			if (clockSkew.isNegative()) {
				throw new IllegalArgumentException("hawser.handshake.token.clock-skew must not be negative, but is "
						+ clockSkew.toMillis() + "ms; the default is 30s.");
			}
			if (expiryGrace.isNegative()) {
				throw new IllegalArgumentException("hawser.handshake.token.expiry-grace must not be negative, but is "
						+ expiryGrace.toMillis() + "ms; the default is 0s.");
			}
			audience = audience.stream().filter(name -> !name.isBlank()).toList();
		}

		/** When a connection that the token let in is to be closed: the token is good until then, clocks considered. Null for never. */
		public @Nullable Instant endOf(VerifiedToken token) {
			Instant end = token.expiresAt();
			return closeExpired && end != null ? end.plus(clockSkew).plus(expiryGrace) : null;
		}
	}
}
