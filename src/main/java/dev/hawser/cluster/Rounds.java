package dev.hawser.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Runs a task on the thread of the cluster when there is work for it: at once if it has not run for a millisecond, otherwise at the end of
 * that millisecond. So what comes alone does not wait, and what comes all the time is done together, which costs a fraction: each round wakes
 * several threads, and Redis, and other nodes.
 */
final class Rounds {
	private static final long APART = Duration.ofMillis(1).toNanos();

	private final Tasks thread;
	private final LongSupplier clock;
	private final Runnable round;
	private final AtomicBoolean woken = new AtomicBoolean();
	/** Used by the thread of the cluster. */
	private long last;

	Rounds(Tasks thread, LongSupplier clock, Runnable round) {
		this.thread = thread;
		this.clock = clock;
		this.round = round;
		this.last = clock.getAsLong() - APART;
	}

	/** There is work. Any thread may call. */
	void wake() {
		if (woken.compareAndSet(false, true)) {
			thread.execute(this::begin);
		}
	}

	private void begin() {
		long wait = last + APART - clock.getAsLong();
		if (wait > 0) {
			thread.executeAfter(wait, this::run);
		}
		else {
			run();
		}
	}

	private void run() {
		woken.set(false); // before the round looks for work, so that what comes later wakes it again
		last = clock.getAsLong();
		round.run();
	}
}
