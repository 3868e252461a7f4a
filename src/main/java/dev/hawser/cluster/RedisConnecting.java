package dev.hawser.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries to connect until it succeeds, on a thread of its own. Safe for any thread. */
final class RedisConnecting implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(RedisConnecting.class);
	private static final Duration PAUSE = Duration.ofMillis(300);

	private final String name;
	private final Runnable attempt;
	private final AtomicBoolean running = new AtomicBoolean();
	private final CountDownLatch closed = new CountDownLatch(1);

	/** @param attempt connects, and throws when that fails */
	RedisConnecting(String name, Runnable attempt) {
		this.name = name;
		this.attempt = attempt;
	}

	/** Begins, unless it has begun already. */
	void start() {
		if (running.compareAndSet(false, true)) {
			Thread.ofVirtual().name("hawser-redis-" + name).start(this::run);
		}
	}

	private void run() {
		boolean told = false;
		try {
			while (closed.getCount() > 0) {
				try {
					attempt.run();
					if (told) {
						LOG.info("Redis answers: this node takes part in its cluster");
					}
					return;
				}
				catch (RuntimeException e) {
					if (!told) {
						LOG.warn("Redis cannot be reached ({}): this node serves its own clients only, and goes on trying", why(e));
						told = true;
					}
				}
				if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
					return;
				}
			}
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		finally {
			running.set(false);
		}
	}

	private static String why(RuntimeException failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
	}

	@Override
	public void close() {
		closed.countDown();
	}
}
