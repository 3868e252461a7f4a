package dev.hawser.webhook;

import java.util.function.BooleanSupplier;

/**
 * Who waits for the answer to an event.
 *
 * @param use    what is done with an answer with 2xx
 * @param wanted whether the event still matters, asked before each repetition
 */
record Asking(Use use, BooleanSupplier wanted) {
	/** Only the status of the answer matters, and the event always does. */
	static final Asking FOR_THE_STATUS = forTheStatus(() -> true);

	/** Does what an answer says. */
	@FunctionalInterface
	interface Use {

		/** @throws NoAnswerException when the contract does not allow the answer, which counts as a failure of the backend */
		void of(Answer answer) throws NoAnswerException;
	}

	/** Only the status of the answer matters. */
	static Asking forTheStatus(BooleanSupplier wanted) {
		return new Asking(_ -> {
			// the rest of the answer is not looked at
		}, wanted);
	}
}
