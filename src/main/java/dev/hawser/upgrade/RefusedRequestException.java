package dev.hawser.upgrade;

import org.eclipse.jetty.http.BadMessageException;

/** A request is turned away before anybody has looked at where it wants to go; {@link ProblemErrorHandler} says why. */
final class RefusedRequestException extends BadMessageException {
	private final String reason;
	private final String detail;

	/**
	 * @param reason a short constant name
	 * @param detail a sentence for people; never anything that the client sent
	 */
	RefusedRequestException(int status, String reason, String detail) {
		super(status, reason);
		this.reason = reason;
		this.detail = detail;
	}

	String reason() {
		return reason;
	}

	String detail() {
		return detail;
	}
}
