package dev.hawser.http.proxy;

import org.eclipse.jetty.http.HttpException;

/** A request is refused before it is routed. The code that writes the answer includes reason and detail. */
public final class RefusedRequestException extends HttpException.RuntimeException {
	private final String reason;
	private final String detail;

	/**
	 * @param reason a short constant name
	 * @param detail a sentence for people, without anything that the client sent
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
