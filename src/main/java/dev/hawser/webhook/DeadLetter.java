package dev.hawser.webhook;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event that should have been delivered at least once, and that this server does not try to deliver any more by itself.
 *
 * @param event    what was to be delivered
 * @param since    when the server gave it up
 * @param why      why the server gave it up
 * @param last     what came of the last attempt, such as {@code status 404} or {@code unreachable}; null when there was none
 * @param attempts how often delivery was tried, each time with the repetitions that the settings allow
 */
record DeadLetter(Event event, Instant since, Why why, @Nullable String last, int attempts) {

	/** Why an event is not tried any more. */
	enum Why {
		/** It has waited for {@code hawser.webhooks.max-age}, or an event before it in its connection has. */
		AGE,
		/** The events of {@code hawser.webhooks.max-undelivered} connections waited already. */
		FULL,
		/** The backend has answered, with a status that no further attempt changes, or with what is no answer. */
		REFUSED,
		/** Its hub has no webhooks any more. */
		UNROUTED;

		/** The name in metrics and for operators. */
		String text() {
			return name().toLowerCase(Locale.ROOT);
		}
	}

	/** After one more attempt, with this result. */
	DeadLetter tried(String result) {
		return new DeadLetter(event, since, why, result, attempts + 1);
	}
}
