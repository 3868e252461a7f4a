package dev.hawser.webhook;

import java.util.Locale;

/** An event was not delivered: the backend gave no answer, or none that can be used. */
final class NoAnswerException extends Exception {
	private static final long serialVersionUID = 1L;

	private final Reason reason;

	/** Why there is no usable answer. */
	enum Reason {
		/** No entry of the hub's webhooks lists the event. */
		UNROUTED,
		/** Too many calls to the backend are under way or wait, or this one has waited too long to begin. */
		BUSY,
		/** Half of the last calls to the backend have failed, so that none is made for a moment. */
		OPEN,
		/** The backend's address is link-local, or one of a metadata service. */
		FORBIDDEN,
		/** The backend has not passed the handler check. */
		UNCHECKED,
		/** The connection to the backend failed before any part of an answer came. */
		UNREACHABLE,
		/** No whole answer came in time. */
		TIMEOUT,
		/** The connection to the backend failed in the middle of an answer. */
		BROKEN,
		/** The answer is larger than allowed. */
		LARGE,
		/** The answer's content is not what the contract allows for the event. */
		INVALID,
		/** The status of the answer is not 2xx. */
		STATUS,
		/** The client has gone, so that no attempt is worth while any more. */
		GONE;

		/** Whether another attempt may do better, and cannot do anything twice that the backend has answered. */
		boolean isWorthRetrying() {
			return this == UNREACHABLE || this == OPEN;
		}

		/** The name in metrics, logs, and messages to clients. */
		String text() {
			return name().toLowerCase(Locale.ROOT);
		}
	}

	NoAnswerException(Reason reason, String sentence) {
		super(sentence, null, false, false); // an outage causes many of these, and the stack would tell nothing
		this.reason = reason;
	}

	Reason reason() {
		return reason;
	}
}
