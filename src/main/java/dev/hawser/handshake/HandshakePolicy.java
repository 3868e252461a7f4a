package dev.hawser.handshake;

import dev.hawser.token.TokenVerifier;

/**
 * What a hub asks of those who want in, as it is now; replaced as a whole when the configuration is read anew.
 *
 * @param settings the rules
 * @param verifier checks tokens by them
 * @param origins  the origins that they allow
 * @param development whether there is nothing configured that tokens could be checked with
 */
public record HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier, AllowedOrigins origins, boolean development) {

	public HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier) {
		this(settings, verifier, new AllowedOrigins(settings.allowedOrigins()), false);
	}

	/** Whether pages of this origin may connect. */
	public boolean admitsPagesOf(String origin) {
		return origins.contains(origin);
	}

	/** As this one, and pages that the browser's own machine serves may connect: for a server that is being developed with. */
	public HandshakePolicy forDevelopment() {
		return new HandshakePolicy(settings, verifier, origins.withLoopback(), true);
	}

	/** Says nothing of the settings, in which a secret may stand. */
	@Override
	public String toString() {
		return "HandshakePolicy";
	}
}
