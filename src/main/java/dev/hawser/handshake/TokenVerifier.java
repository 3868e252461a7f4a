package dev.hawser.handshake;

/** Tells whether a token is genuine and valid now. */
public interface TokenVerifier {

	/**
	 * Verifies signature, times and audience. Called once per handshake, on a virtual thread: it may block. Any other
	 * exception than the one below answers 503.
	 *
	 * @throws InvalidTokenException when the token is not to be trusted
	 */
	VerifiedToken verify(String token) throws InvalidTokenException;
}
