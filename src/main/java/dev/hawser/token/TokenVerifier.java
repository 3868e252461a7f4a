package dev.hawser.token;

/** Tells whether a token is genuine and valid now. Called by many threads at once. */
public interface TokenVerifier extends AutoCloseable {

	/**
	 * Verifies signature, times, audience and issuer. Called once per handshake; on a virtual thread, if it {@link #mayBlock}.
	 * Any other exception than the first one answers 503.
	 *
	 * @throws InvalidTokenException        when the token is not to be trusted
	 * @throws VerifierUnavailableException when nobody can tell now, because who knows the keys or the token does not answer
	 */
	VerifiedToken verify(String token) throws InvalidTokenException;

	/** Whether verify may wait for the network; one that never waits runs on the thread that reads the sockets. */
	default boolean mayBlock() {
		return true;
	}

	/** Ends what runs in the background. Not called while a handshake may still come. */
	@Override
	default void close() {
	}
}
