package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the calls to one backend. So many may be under way; further ones wait in their order, up to a number and a time. Each
 * backend has a gate of its own, so that one that hangs does not hold up the calls to another.
 */
final class CallGate {
	private final int most;
	private final int mostWaiting;
	private final Duration longest;
	private final Semaphore free;
	private final AtomicInteger waiting = new AtomicInteger();

	/**
	 * @param most        most calls under way
	 * @param mostWaiting most calls that wait
	 * @param longest     longest time that a call waits
	 */
	CallGate(int most, int mostWaiting, Duration longest) {
		this.most = most;
		this.mostWaiting = mostWaiting;
		this.longest = longest;
		this.free = new Semaphore(most, true);
	}

	/** Returns when the call may begin; {@link #leave} must follow. */
	void enter() throws NoAnswerException, InterruptedException {
		if (free.tryAcquire(0, TimeUnit.NANOSECONDS)) { // unlike the one without a time, this lets no call overtake those that wait
			return;
		}
		try {
			if (waiting.incrementAndGet() > mostWaiting) {
				throw new NoAnswerException(Reason.BUSY, "more than " + mostWaiting + " calls wait for it");
			}
			if (!free.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new NoAnswerException(Reason.BUSY, "a call waited for " + longest.toMillis() + "ms to begin");
			}
		}
		finally {
			waiting.decrementAndGet();
		}
	}

	void leave() {
		free.release();
	}

	/** The number of calls that have entered and not left. */
	int underWay() {
		return most - free.availablePermits();
	}

	/** The number of calls that wait. */
	int waiting() {
		return Math.min(waiting.get(), mostWaiting);
	}
}
