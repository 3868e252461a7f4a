package dev.hawser.token;

/** Tells whether a token is genuine and valid now. Called by many threads at once. */
public interface TokenVerifier extends AutoCloseable {

	/**
	 * Verifies signature, times, audience and issuer. Called once per handshake; on a virtual thread if the verifier {@link
	 * #mayBlock}. The first exception refuses the handshake; any other makes it answer 503.
	 *
	 * @throws InvalidTokenException        when the token is not to be trusted
	 * @throws VerifierUnavailableException when the token cannot be checked now, because the key server or the introspection
	 *     endpoint does not answer
	 */
	VerifiedToken verify(String token) throws InvalidTokenException;

	/** Whether {@link #verify} may wait for the network. A verifier that never waits runs on the thread that reads the sockets. */
	default boolean mayBlock() {
		return true;
	}

	/** Stops the background fetches. Called only when no further handshake can use this verifier. */
	@Override
	default void close() {
	}

	/**
	 * A new verifier, which the caller must close. Reads the files of configured keys. Does not wait for the network: published
	 * keys are fetched in the background, and tokens cannot be checked until they are there.
	 *
	 * @throws IllegalArgumentException when the settings name no key and no issuer ({@link TokenSettings#trustsAKeyOrIssuer}), or when
	 *     a configured key cannot be read or is not fit for signatures; the message is then a sentence that begins with the
	 *     property
	 */
	static TokenVerifier of(TokenSettings settings) {
		return TokenVerifiers.of(settings);
	}
}
