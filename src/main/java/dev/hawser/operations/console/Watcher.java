package dev.hawser.operations.console;

import dev.hawser.operations.console.ConsoleEvents.Event;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An operator who looks: at what happens to all connections, or at one connection and its messages. */
final class Watcher {
	private static final int MOST_WAITING = 1_000;
	/** Too many to look at, and only shown for a single connection. */
	private static final Set<String> OF_MESSAGES = Set.of("received", "sent");

	private final @Nullable String connection;
	private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
	private final AtomicInteger leftOut = new AtomicInteger();

	/** @param connection the id of the only connection to look at; null for all */
	Watcher(@Nullable String connection) {
		this.connection = connection;
	}

	boolean watches(Event event) {
		return connection == null ? !OF_MESSAGES.contains(event.kind()) : connection.equals(event.connection());
	}

	/** Does not wait: an event that finds no place is counted. */
	void offer(Event event) {
		if (!waiting.offer(event)) {
			leftOut.incrementAndGet();
		}
	}

	/** The next event, waiting for it; null when the time is over. */
	@Nullable
	Event next(Duration within) throws InterruptedException {
		return waiting.poll(within.toNanos(), TimeUnit.NANOSECONDS);
	}

	/** How many events found no place since the last call. */
	int leftOut() {
		return leftOut.getAndSet(0);
	}
}
