package dev.hawser.operations.console;

import dev.hawser.push.ConnectionWatch;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Watches connections of this node for operators on other nodes. Safe for any thread. */
final class LentWatches implements ConnectionWatch {
	static final int MOST = 32;
	private static final long NUMBERS_PER_MILLI = 1_000;

	private final ConsoleEvents events;
	private final Predicate<String> isHere;
	private final InstantSource clock;
	private final LongSupplier ticks;
	private final ReentrantLock lock = new ReentrantLock();
	/** The one that was asked last is the last. */
	private final Map<String, LentWatch> byConnection = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * @param isHere whether this node has a connection
	 * @param ticks  nanoseconds of a clock that is never set
	 */
	LentWatches(ConsoleEvents events, Predicate<String> isHere, InstantSource clock, LongSupplier ticks) {
		this.events = events;
		this.isHere = isHere;
		this.clock = clock;
		this.ticks = ticks;
	}

	@Override
	public Seen since(String connectionId, long after) {
		LentWatch watch = watch(connectionId);
		return watch == null ? Seen.nothingAfter(after) : watch.since(after);
	}

	/** Null for a connection that is not here, and has not been for a while. */
	private @Nullable LentWatch watch(String connection) {
		lock.lock();
		try {
			LentWatch known = byConnection.get(connection);
			if (known != null && !known.isOver()) {
				return known;
			}
			end(byConnection.values().iterator());
			return isHere.test(connection) ? begin(connection) : null;
		}
		finally {
			lock.unlock();
		}
	}

	/** Ends those that are over, and the one that was not asked for longest if there are too many. */
	private void end(Iterator<LentWatch> watches) {
		while (watches.hasNext()) {
			LentWatch watch = watches.next();
			if (watch.isOver() || byConnection.size() >= MOST) {
				events.remove(watch);
				watches.remove();
			}
		}
	}

	private LentWatch begin(String connection) {
		LentWatch fresh = new LentWatch(connection, clock.millis() * NUMBERS_PER_MILLI, ticks);
		byConnection.put(connection, fresh);
		events.add(fresh, Integer.MAX_VALUE);
		return fresh;
	}
}
