package dev.hawser.http.proxy;

import org.eclipse.jetty.http.BadMessageException;

/** A request is turned away before anybody has looked at where it wants to go; whoever writes the answer says why. */
public final class RefusedRequestException extends BadMessageException {
	private final String reason;
	private final String detail;

	/**
	 * @param reason a short constant name
	 * @param detail a sentence for people; never anything that the client sent
	 */
	public RefusedRequestException(int status, String reason, String detail) {
		super(status, reason);
		this.reason = reason;
		this.detail = detail;
	}

	public String reason() {
		return reason;
	}

	public String detail() {
		return detail;
	}
}
