package dev.hawser.handshake;

/** Tells whether a token is genuine and valid now. */
public interface TokenVerifier {

	/**
	 * Verifies signature, times and audience. Called once per handshake, on a virtual thread: it may block.
	 *
	 * @throws InvalidTokenException when the token is not to be trusted
	 */
	VerifiedToken verify(String token) throws InvalidTokenException;
}
