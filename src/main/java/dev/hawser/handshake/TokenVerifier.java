package dev.hawser.handshake;

/** Tells whether a token is genuine and valid now. */
public interface TokenVerifier {

	/**
	 * Verifies signature, times and audience. Called once per handshake, by several threads at a time. Any other exception than
	 * the one below answers 503.
	 *
	 * @throws InvalidTokenException when the token is not to be trusted
	 */
	VerifiedToken verify(String token) throws InvalidTokenException;

	/**
	 * Whether {@link #verify} may wait: for the network, a file, another thread. Asked once, at start. One that may is called on
	 * virtual threads; one that never waits, on the thread that reads the sockets, which makes the handshake cheaper.
	 */
	default boolean mayBlock() {
		return true;
	}
}
