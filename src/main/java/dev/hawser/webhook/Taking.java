package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * What came of one attempt to deliver an event that has to be delivered at least once.
 *
 * @param outcome    whether the backend has it
 * @param result     the same for an operator: {@code status 503}, or a {@link Reason}
 * @param askedPause pause that the backend asks for before the next call; zero for none
 */
record Taking(Outcome outcome, String result, Duration askedPause) {
	private static final int TOO_MANY_REQUESTS = 429;
	private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

	/** Whether the backend has the event. */
	enum Outcome {
		/** The backend has taken it. */
		TAKEN,
		/** The backend has answered, and will not answer otherwise another time. */
		REFUSED,
		/** Another attempt may succeed. */
		LATER
	}

	/** @param now the time, for pauses that end at a time of day */
	static Taking of(Answer answer, Instant now) {
		Outcome outcome = answer.isSuccess() ? Outcome.TAKEN
				: answer.isPassingFailure() || answer.status() == TOO_MANY_REQUESTS ? Outcome.LATER : Outcome.REFUSED;
		return new Taking(outcome, "status " + answer.status(), answer.retryAfter(now, LONGEST_PAUSE));
	}

	static Taking of(NoAnswerException failure) {
		Reason reason = failure.reason();
		boolean answered = reason == Reason.INVALID || reason == Reason.LARGE;
		return new Taking(answered ? Outcome.REFUSED : Outcome.LATER, reason.text(), Duration.ZERO);
	}
}
