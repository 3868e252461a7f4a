package dev.hawser.handshake;

import dev.hawser.token.TokenVerifier;

/**
 * The rules of a hub for its clients; replaced as a whole in a reload.
 *
 * @param settings the rules
 * @param verifier checks tokens by these rules
 * @param origins the origins that the rules allow
 * @param development whether no key or issuer is configured that could check a token
 */
public record HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier, AllowedOrigins origins, boolean development) {

	public HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier) {
		this(settings, verifier, new AllowedOrigins(settings.allowedOrigins()), false);
	}

	/** Whether pages of this origin may connect. */
	public boolean admitsPagesOf(String origin) {
		return origins.contains(origin);
	}

	/** The name of the cookie in which a client may show its token. */
	public String tokenCookie() {
		return settings.token().cookie();
	}

	/** This policy, but pages from the browser's own machine may connect as well: for a development server. */
	public HandshakePolicy forDevelopment() {
		return new HandshakePolicy(settings, verifier, origins.withLoopback(), true);
	}

	/** Does not contain the settings, which may hold a secret. */
	@Override
	public String toString() {
		return "HandshakePolicy";
	}
}
