package dev.hawser.handshake;

import dev.hawser.token.TokenVerifier;

/**
 * What a hub asks of those who want in, as it is now; replaced as a whole when the configuration is read anew.
 *
 * @param settings the rules
 * @param verifier checks tokens by them
 * @param origins  the origins that they allow
 */
public record HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier, AllowedOrigins origins) {

	public HandshakePolicy(HandshakeSettings settings, TokenVerifier verifier) {
		this(settings, verifier, new AllowedOrigins(settings.allowedOrigins()));
	}

	/** As this one, and pages that the browser's own machine serves may connect: for a server that is being developed with. */
	public HandshakePolicy forDevelopment() {
		return new HandshakePolicy(settings, verifier, origins.withLoopback());
	}

	/** Says nothing of the settings, in which a secret may stand. */
	@Override
	public String toString() {
		return "HandshakePolicy";
	}
}
