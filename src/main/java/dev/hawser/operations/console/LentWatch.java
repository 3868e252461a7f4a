package dev.hawser.operations.console;

import dev.hawser.operations.console.ConsoleEvents.Event;
import dev.hawser.push.ConnectionWatch.Seen;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers the last events of one connection for operators on other nodes, and numbers them. It ends when they have not been asked for in
 * a while. Safe for any thread.
 */
final class LentWatch implements ConsoleEvents.Listener {
	static final Duration PATIENCE = Duration.ofSeconds(10);
	static final int MOST_KEPT = 300;
	/** In one answer. */
	static final int MOST_TOLD = 100;
	private static final JsonMapper JSON = JsonMapper.shared();

	private final String connection;
	private final long begin;
	private final LongSupplier ticks;
	private final ReentrantLock lock = new ReentrantLock();
	private final Deque<Event> kept = new ArrayDeque<>();
	private long last;
	private volatile long asked;

	/**
	 * @param begin the number before the first event; greater than those of an earlier watch of the connection
	 * @param ticks nanoseconds of a clock that is never set
	 */
	LentWatch(String connection, long begin, LongSupplier ticks) {
		this.connection = connection;
		this.begin = begin;
		this.last = begin;
		this.ticks = ticks;
		this.asked = ticks.getAsLong();
	}

	@Override
	public @Nullable String connection() {
		return connection;
	}

	@Override
	public boolean isOver() {
		return ticks.getAsLong() - asked > PATIENCE.toNanos();
	}

	@Override
	public void offer(Event event) {
		lock.lock();
		try {
			last++;
			kept.addLast(event);
			if (kept.size() > MOST_KEPT) {
				kept.removeFirst();
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** @param after a number of this watch, or any other for all events */
	Seen since(long after) {
		asked = ticks.getAsLong();
		lock.lock();
		try {
			long known = after < begin || after > last ? begin : after;
			long forgotten = last - kept.size();
			long from = Math.max(known, forgotten);
			List<String> events = kept.stream().skip(from - forgotten).limit(MOST_TOLD).map(JSON::writeValueAsString).toList();
			return new Seen(events, from + events.size(), from - known);
		}
		finally {
			lock.unlock();
		}
	}
}
