package dev.hawser.token;

/** A token cannot be checked now, because the key server or the introspection endpoint has not answered. */
public final class VerifierUnavailableException extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** @param message for the log; it must not contain any part of the token */
	public VerifierUnavailableException(String message) {
		super(message, null, false, false);
	}
}
