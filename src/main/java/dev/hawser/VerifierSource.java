package dev.hawser;

import dev.hawser.StartupMessage.SigningSecret;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.TokenVerifiers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the verifier that settings ask for.
 *
 * @param application the application's own; it then checks the tokens of every hub
 * @param development signs where no key is configured
 */
record VerifierSource(@Nullable TokenVerifier application, SigningSecret development) {

	HandshakePolicy policy(HandshakeSettings settings) {
		return new HandshakePolicy(settings, application != null ? application
				: TokenVerifiers.of(development.addedTo(settings.token())));
	}
}
