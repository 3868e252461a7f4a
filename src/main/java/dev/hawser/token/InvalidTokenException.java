package dev.hawser.token;

/** A token is malformed, forged, expired, not valid yet, or meant for another server. */
public final class InvalidTokenException extends Exception {
	private static final long serialVersionUID = 1L;

	private final String reason;

	/**
	 * @param reason a short constant name, for metrics: {@code token-expired}
	 * @param detail a sentence for the client; it must not contain any part of the token
	 */
	public InvalidTokenException(String reason, String detail) {
		super(detail, null, false, false);
		this.reason = reason;
	}

	public String reason() {
		return reason;
	}
}
