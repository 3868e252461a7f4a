package dev.hawser.protocol;

import org.springframework.web.socket.CloseStatus;

/** The peer broke a rule; the connection fails with the close status given. Carries no stack: a peer can cause many. */
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

	/** What to close with: code and reason, both ours, nothing of the peer's bytes. */
	public CloseStatus closeStatus() {
		return violation.closeStatus();
	}
}
