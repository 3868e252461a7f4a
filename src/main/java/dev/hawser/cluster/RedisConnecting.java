package dev.hawser.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries to connect until it succeeds, on a thread of its own. Safe for any thread. */
final class RedisConnecting implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(RedisConnecting.class);
	private static final Duration PAUSE = Duration.ofMillis(300);

	private final String name;
	private final Runnable attempt;
	private final RedisFailures failures;
	private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
	private final CountDownLatch closed = new CountDownLatch(1);

	private enum State {
		IDLE,
		CONNECTING,
		/** What is being connected is not wanted any more: when it is there, another one is. */
		AGAIN
	}

	/** @param attempt connects, and throws when that fails */
	RedisConnecting(String name, Runnable attempt, RedisFailures failures) {
		this.name = name;
		this.attempt = attempt;
		this.failures = failures;
	}

	/** Begins; if an attempt is under way, there is another one after it. */
	void start() {
		if (state.getAndUpdate(before -> before == State.IDLE ? State.CONNECTING : State.AGAIN) == State.IDLE) {
			Thread.ofVirtual().name("hawser-redis-" + name).start(this::run);
		}
	}

	private void run() {
		try {
			do {
				state.set(State.CONNECTING);
				connect();
			}
			while (closed.getCount() > 0 && !state.compareAndSet(State.CONNECTING, State.IDLE));
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private void connect() throws InterruptedException {
		boolean failed = false;
		while (closed.getCount() > 0) {
			try {
				attempt.run();
				if (failed) {
					LOG.info("Redis answers: this node takes part in its cluster");
				}
				return;
			}
			catch (RuntimeException e) {
				failures.notConnected(e);
				failed = true;
			}
			boolean _ = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public void close() {
		closed.countDown();
	}
}
