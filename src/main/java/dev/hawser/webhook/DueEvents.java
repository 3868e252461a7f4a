package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetter.Why;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one connection that have to be delivered at least once and are not delivered yet, in order; and what the attempts for
 * the first one have come to. Used under the connection's lock.
 */
final class DueEvents {
	private final ArrayDeque<Event> events = new ArrayDeque<>(2);
	private int attempts;
	private @Nullable String last;

	DueEvents(Collection<Event> first) {
		events.addAll(first);
	}

	void add(Event event) {
		events.add(event);
	}

	Event first() {
		return events.getFirst();
	}

	/** An attempt to deliver the first event has ended so. */
	void tried(String result) {
		attempts++;
		last = result;
	}

	/** The first event is due no more; the next one has not been tried. */
	void removeFirst() {
		events.removeFirst();
		attempts = 0;
		last = null;
	}

	int size() {
		return events.size();
	}

	List<Event> all() {
		return List.copyOf(events);
	}

	/** The first event as a dead letter. */
	DeadLetter firstDead(Why why, Instant now) {
		return new DeadLetter(events.getFirst(), now, why, last, attempts);
	}

	/** All events as dead letters. */
	List<DeadLetter> allDead(Why why, Instant now) {
		List<DeadLetter> dead = new ArrayList<>();
		for (Event event : events) {
			dead.add(dead.isEmpty() ? firstDead(why, now) : new DeadLetter(event, now, why, null, 0));
		}
		return dead;
	}
}
