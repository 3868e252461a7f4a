package dev.hawser.handshake;

import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.HubTokens;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.TokenSettings;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.VerifiedToken;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the tokens of clients may come from.
 *
 * @param application the application's own verifier, which then checks the tokens of every hub; null for none
 * @param development the secret for hubs without a configured key
 * @param verifiers   makes the verifier for given settings
 * @param elsewhere   tokens that are signed with other keys, and accepted beside those of the hub's own verifier
 */
record TokenSources(@Nullable TokenVerifier application, DevelopmentToken.Secret development,
		Function<TokenSettings, TokenVerifier> verifiers, HubTokens elsewhere) {

	/** The verifier of a hub whose settings name no key and no issuer. */
	TokenVerifier withoutKey(TokenSettings token) {
		return development.generated() == null ? new Nothing() : verifiers.apply(development.addedTo(token));
	}

	/** Refuses every token: all clients need one that is signed elsewhere. */
	private static final class Nothing implements TokenVerifier {
		@Override
		public VerifiedToken verify(String token) throws InvalidTokenException {
			throw new InvalidTokenException("token-invalid", "The token is malformed, or its signature is not ours.");
		}

		@Override
		public boolean mayBlock() {
			return false;
		}
	}
}
