package dev.hawser.connection;

import dev.hawser.connection.outbox.Outbox;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The outboxes in which replies gather while callbacks run. The wheel's thread flushes them at every tick, so that a reply does not
 * wait long for later callbacks. Safe for any thread; adding or removing an outbox calls nothing.
 */
final class Gathering {
	private final Set<Outbox> outboxes = ConcurrentHashMap.newKeySet();

	void begin(Outbox outbox) {
		outboxes.add(outbox);
	}

	void end(Outbox outbox) {
		outboxes.remove(outbox);
	}

	void flush() {
		outboxes.forEach(Outbox::flush);
	}
}
