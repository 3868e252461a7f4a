package dev.hawser.handshake;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs failures that each client can bring about by a handshake: a few of them in full, the rest as a number. Any thread may use it.
 */
public final class FailureLog {
	private static final int IN_FULL = 30;
	private static final long INTERVAL_NANOS = 10_000_000_000L;

	private final Logger log;
	private final LongSupplier nanoTime;
	private final AtomicLong begun;
	private final AtomicInteger count = new AtomicInteger();

	/** @param log where they are written: at most thirty in ten seconds */
	public FailureLog(Logger log) {
		this(log, System::nanoTime);
	}

	FailureLog(Logger log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
		this.begun = new AtomicLong(nanoTime.getAsLong());
	}

	/** Logs the failure as an error with its trace, or counts it. */
	public void error(String message, Throwable failure) {
		if (isInFull()) {
			log.error(message, failure);
		}
	}

	/** Logs the message as an error, or counts it. */
	public void error(String message) {
		if (isInFull()) {
			log.error(message);
		}
	}

	private boolean isInFull() {
		long now = nanoTime.getAsLong();
		long since = begun.get();
		if (now - since >= INTERVAL_NANOS && begun.compareAndSet(since, now)) {
			int leftOut = count.getAndSet(0) - IN_FULL;
			if (leftOut > 0) {
				log.error("{} more failures like the last ones were not logged", leftOut);
			}
		}
		return count.incrementAndGet() <= IN_FULL;
	}
}
