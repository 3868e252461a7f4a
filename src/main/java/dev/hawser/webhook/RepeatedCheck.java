package dev.hawser.webhook;

import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Makes the handler check of one backend, on a thread of its own: at the start until it passes, after each reload, and while the
 * backend does not take events. A backend that no longer allows this server gets no events until it does again; one that does not
 * answer the check is as it was.
 */
final class RepeatedCheck implements AutoCloseable {
	private static final Duration UNTIL_PASSED = Duration.ofSeconds(1);
	/** Pauses during an outage double from the one above up to this. */
	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	private final HandlerCheck check;
	private final HttpFields headers;
	private final OutageLog log;
	/** Ends with the first check, passed or not: the events of the first clients wait for it. */
	private final CountDownLatch first = new CountDownLatch(1);
	private final Semaphore wanted = new Semaphore(0);
	private volatile boolean passed;
	private volatile @Nullable Thread thread;

	/** @param headers the headers of the check */
	RepeatedCheck(HandlerCheck check, HttpFields headers, OutageLog log) {
		this.check = check;
		this.headers = headers;
		this.log = log;
	}

	void start() {
		thread = Thread.ofVirtual().name("hawser-webhook-check").start(this::run);
	}

	/** Counts as passed, without a check. */
	void skip() {
		passed = true;
		first.countDown();
	}

	/** Checks now, in the background: the configuration was read again, or an outage has begun. */
	void again() {
		wanted.release();
	}

	private void run() {
		boolean silent = false;
		Duration pause = UNTIL_PASSED;
		try {
			while (true) {
				silent = isSilent(silent);
				first.countDown();
				if (!passed) {
					pause = UNTIL_PASSED;
					Thread.sleep(pause);
				}
				else if (!log.isOutage()) {
					pause = UNTIL_PASSED;
					wanted.acquire();
				}
				else if (!wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
					pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
				}
				wanted.drainPermits();
			}
		}
		catch (InterruptedException e) {
			first.countDown(); // it is closed
		}
	}

	/**
	 * Makes the check once.
	 *
	 * @param before whether the last check got no answer
	 * @return whether this one got none
	 */
	private boolean isSilent(boolean before) throws InterruptedException {
		try {
			check.pass(headers);
			if (before || !passed) {
				log.delivered(); // it is back; events that fail all the same begin the next outage
			}
			passed = true;
			return false;
		}
		catch (NoAnswerException e) {
			log.failed(String.valueOf(e.getMessage()));
			passed = passed && e.reason() != Reason.UNCHECKED;
			return e.reason() != Reason.UNCHECKED;
		}
	}

	boolean isPassed() {
		return passed;
	}

	/** Throws unless the check has passed; waits for the first one. */
	void require() throws NoAnswerException, InterruptedException {
		if (!passed && !(first.await(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS) && passed)) {
			throw new NoAnswerException(Reason.UNCHECKED, "it has not passed the handler check");
		}
	}

	/** Ends the checks. */
	@Override
	public void close() {
		Thread running = thread;
		if (running != null) {
			running.interrupt();
		}
	}
}
