package dev.hawser.token;

/** A token is malformed, forged, expired, not valid yet, or meant for somebody else. */
public final class InvalidTokenException extends Exception {
	private static final long serialVersionUID = 1L;

	private final String reason;

	/**
	 * @param reason a short constant name, for metrics: {@code token-expired}
	 * @param detail a sentence for the client; nothing of the token may be in it
	 */
	public InvalidTokenException(String reason, String detail) {
		super(detail, null, false, false);
		this.reason = reason;
	}

	public String reason() {
		return reason;
	}
}
