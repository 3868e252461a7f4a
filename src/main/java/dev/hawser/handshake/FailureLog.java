package dev.hawser.handshake;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Logs failures that any client can cause by a handshake: a few in full, the others as a number. Safe for any thread. */
public final class FailureLog {
	private static final int IN_FULL = 30;
	private static final long INTERVAL_NANOS = 10_000_000_000L;

	private final Logger log;
	private final LongSupplier nanoTime;
	private final AtomicLong begun;
	private final AtomicInteger count = new AtomicInteger();

	/** @param log the log that gets at most thirty failures in ten seconds */
	public FailureLog(Logger log) {
		this(log, System::nanoTime);
	}

	FailureLog(Logger log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
		this.begun = new AtomicLong(nanoTime.getAsLong());
	}

	/** Logs the failure as an error with its stack trace, or only counts it. */
	public void error(String message, Throwable failure) {
		if (isInFull()) {
			log.error(message, failure);
		}
	}

	/** Logs the message as an error, or only counts it. */
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
