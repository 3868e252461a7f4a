package dev.hawser.operations.metrics;

import dev.hawser.connection.Hub;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What waits for the clients of each hub. A scrape asks for one hub after another: one walk over the connections serves all of them. A hub
 * that asks again gets a new walk, and so does one that asks more than a second after the last walk.
 */
final class QueuedBytes {
	private static final long LONGEST_SCRAPE = TimeUnit.SECONDS.toNanos(1);

	private final Supplier<Map<Hub, Long>> walk;
	private final LongSupplier nanoTime;
	private final ReentrantLock lock = new ReentrantLock();
	private final Set<Hub> asked = new HashSet<>();
	private Map<Hub, Long> walked = Map.of();
	private long walkedAt;

	QueuedBytes(Supplier<Map<Hub, Long>> walk, LongSupplier nanoTime) {
		this.walk = walk;
		this.nanoTime = nanoTime;
		this.walkedAt = nanoTime.getAsLong() - LONGEST_SCRAPE;
	}

	long of(Hub hub) {
		lock.lock();
		try {
			long now = nanoTime.getAsLong();
			if (now - walkedAt >= LONGEST_SCRAPE || asked.contains(hub)) {
				walked = walk.get();
				walkedAt = now;
				asked.clear();
			}
			asked.add(hub);
			return walked.getOrDefault(hub, 0L);
		}
		finally {
			lock.unlock();
		}
	}
}
