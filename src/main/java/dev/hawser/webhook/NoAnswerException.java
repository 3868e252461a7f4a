package dev.hawser.webhook;

/** An event was not delivered: the backend gave no answer, or none that can be used. */
final class NoAnswerException extends Exception {
	private static final long serialVersionUID = 1L;

	private final Reason reason;

	/** Why there is no usable answer. Written in lower case in metrics, logs, and messages to clients. */
	enum Reason {
		/** No entry of the hub's webhooks lists the event. */
		UNROUTED,
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
			return this == UNREACHABLE;
		}

		/** Whether the backend is at fault, and not the configuration or the client. */
		boolean isOutage() {
			return this == UNREACHABLE || this == TIMEOUT || this == BROKEN;
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
