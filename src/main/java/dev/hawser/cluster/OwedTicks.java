package dev.hawser.cluster;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls {@link OwedStore#tick} twice a second, and {@link OwedStore#takeOver} when it is woken, on a thread of its own. */
final class OwedTicks implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(OwedTicks.class);
	static final Duration TICK = Duration.ofMillis(500);

	private final Semaphore woken = new Semaphore(0);
	private volatile boolean closed;

	OwedTicks start(OwedStore store) {
		Thread.ofVirtual().name("hawser-cluster-owed").start(() -> run(store));
		return this;
	}

	/** Takes over soon what there is to take over. */
	void wake() {
		woken.release();
	}

	private void run(OwedStore store) {
		long next = System.nanoTime();
		try {
			while (!closed) {
				if (woken.tryAcquire(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					woken.drainPermits();
					guarded(store::takeOver);
				}
				else {
					next = System.nanoTime() + TICK.toNanos();
					guarded(store::tick);
				}
			}
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private static void guarded(Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException e) {
			LOG.error("What is owed to backends could not be looked after, which is tried again", e);
		}
	}

	@Override
	public void close() {
		closed = true;
	}
}
