package dev.hawser;

import dev.hawser.StartupMessage.SigningSecret;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.handshake.JwtTokenVerifier;
import dev.hawser.handshake.TokenVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the verifier that settings ask for.
 *
 * @param application the application's own; it then checks the tokens of every hub
 * @param development signs where no key is configured
 */
record VerifierSource(@Nullable TokenVerifier application, SigningSecret development) {

	HandshakePolicy policy(HandshakeSettings settings) {
		return new HandshakePolicy(settings, application != null ? application : verifier(settings.token()));
	}

	private TokenVerifier verifier(HandshakeSettings.Token token) {
		return new JwtTokenVerifier(token.secret() != null ? token.secret() : development.value(), token);
	}
}
