package dev.hawser.token;

/** Whether a token is genuine cannot be told now: the key server, or the introspection endpoint, has not answered. */
public final class VerifierUnavailableException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** @param message for the log: nothing of the token may be in it */
	public VerifierUnavailableException(String message) {
		super(message, null, false, false);
	}
}
