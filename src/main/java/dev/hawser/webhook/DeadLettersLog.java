package dev.hawser.webhook;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how many dead letters have come: one line for each moment of an outage, not for each event. Safe for any thread. */
final class DeadLettersLog {
	private static final Logger LOG = LoggerFactory.getLogger(DeadLettersLog.class);

	/** Letters that have come since the last line, by hub and cause. */
	private final Map<String, Integer> unlogged = new HashMap<>();

	synchronized void add(List<DeadLetter> fresh) {
		fresh.forEach(letter -> unlogged.merge("hub " + letter.event().of().hub() + " (" + letter.why().text() + ')', 1, Integer::sum));
	}

	/** Says what has come since the last time. */
	synchronized void write() {
		unlogged.forEach((of, count) -> LOG.warn(
				"{} events of {} were not delivered and are dead letters now, which /actuator/deadletters lists, sends again and discards",
				count, of));
		unlogged.clear();
	}
}
