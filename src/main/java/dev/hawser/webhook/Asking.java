package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.util.function.BooleanSupplier;

/**
 * Who waits for the answer to an event.
 *
 * @param use    what is done with an answer with 2xx
 * @param wanted whether the event still matters, asked before each repetition
 */
record Asking(Use use, BooleanSupplier wanted) {
	/** Only the status of the answer matters, and the event always does. */
	static final Asking FOR_THE_STATUS = new Asking(_ -> {
		// the rest of the answer is not looked at
	}, () -> true);

	/** Does what an answer says. */
	@FunctionalInterface
	interface Use {

		/** @throws NoAnswerException when the contract does not allow the answer, which counts as a failure of the backend */
		void of(Answer answer) throws NoAnswerException;
	}

	/** @throws NoAnswerException when the answer sets more than one state, or is compressed, which no call asks for */
	static void requireReadable(Answer answer) throws NoAnswerException {
		if (answer.headers().getValuesList(EventHeaders.STATE).size() > 1) {
			throw new NoAnswerException(Reason.INVALID, "its answer has " + EventHeaders.STATE + " more than once");
		}
		if (answer.body().length > 0
				&& answer.headers().getCSV("Content-Encoding", false).stream().anyMatch(coding -> !coding.equalsIgnoreCase("identity"))) {
			throw new NoAnswerException(Reason.INVALID, "its answer has a Content-Encoding, which no call asks for");
		}
	}
}
