package dev.hawser.protocol;

import org.springframework.web.socket.CloseStatus;

/** The peer broke a rule, and the connection fails with the given close status. Has no stack trace, since a peer can cause many. */
public final class ProtocolException extends Exception {
	private static final long serialVersionUID = 1L;

	private final Violation violation;

	ProtocolException(Violation violation) {
		super(violation.name(), null, false, false);
		this.violation = violation;
	}

	public Violation violation() {
		return violation;
	}

	/** The status to close with. The reason is one of this server's constants and contains none of the peer's bytes. */
	public CloseStatus closeStatus() {
		return violation.closeStatus();
	}
}
