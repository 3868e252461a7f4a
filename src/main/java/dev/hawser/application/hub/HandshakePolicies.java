package dev.hawser.application.hub;

import dev.hawser.token.DevelopmentSecret;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.handshake.HandshakeSettings;
import dev.hawser.token.TokenSettings;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.TokenVerifiers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the verifier that settings ask for.
 *
 * @param application the application's own; it then checks the tokens of every hub
 * @param development signs where no key is configured
 */
public record HandshakePolicies(@Nullable TokenVerifier application, DevelopmentSecret development) {

	public HandshakePolicy policy(HandshakeSettings settings) {
		HandshakePolicy policy = new HandshakePolicy(settings, application != null ? application : verifier(settings.token()));
		return isDevelopment(settings) ? policy.forDevelopment() : policy;
	}

	/** Whether nothing is configured that tokens could be checked with. */
	private boolean isDevelopment(HandshakeSettings settings) {
		return application == null && !settings.token().trustsSomebody() && development.generated() != null;
	}

	private TokenVerifier verifier(TokenSettings token) {
		return TokenVerifiers.of(token.trustsSomebody() ? token : development.addedTo(token));
	}

	/**
	 * The policy that follows another. A verifier that fetches its keys goes on while its settings are the same: a new one would
	 * know none. Others are made anew, since their keys may stand in files.
	 */
	public HandshakePolicy successor(HandshakePolicy policy, HandshakeSettings settings) {
		boolean keepsVerifier = policy.verifier() == application
				|| policy.verifier().mayBlock() && policy.settings().token().equals(settings.token());
		return keepsVerifier ? new HandshakePolicy(settings, policy.verifier()) : policy(settings);
	}

	/** The policy is in force no more. */
	public void dispose(HandshakePolicy policy) {
		if (policy.verifier() != application) {
			policy.verifier().close();
		}
	}
}
