package dev.hawser.operations.console;

import dev.hawser.operations.console.ConsoleEvents.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An operator who looks: at what happens to all connections, or at one connection and its messages. */
final class Watcher implements ConsoleEvents.Listener {
	private static final int MOST_WAITING = 1_000;

	private final @Nullable String connection;
	private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
	private final AtomicInteger leftOut = new AtomicInteger();

	/** @param connection the id of the only connection to look at; null for all */
	Watcher(@Nullable String connection) {
		this.connection = connection;
	}

	@Override
	public @Nullable String connection() {
		return connection;
	}

	/** Does not wait: an event that finds no place is counted. */
	@Override
	public void offer(Event event) {
		if (!waiting.offer(event)) {
			leftOut.incrementAndGet();
		}
	}

	/**
	 * The next events, waiting for the first of them; none when the time is over.
	 *
	 * @param most how many
	 */
	List<Event> next(Duration within, int most) throws InterruptedException {
		List<Event> events = new ArrayList<>();
		Event first = waiting.poll(within.toNanos(), TimeUnit.NANOSECONDS);
		if (first != null) {
			events.add(first);
			waiting.drainTo(events, most - 1);
		}
		return events;
	}

	/** How many events found no place since the last call. */
	int leftOut() {
		return leftOut.getAndSet(0);
	}
}
