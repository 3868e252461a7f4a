package dev.hawser.operations;

import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;

/**
 * Takes this node out of service, and back: readiness goes off, after a delay nobody is let in any more, and the connections
 * are closed with 1012, spread over a window. Safe for any thread.
 */
public final class Drain {
	private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

	private final Connections connections;
	private final ApplicationContext context;
	private final DrainSettings settings;
	private final ReentrantLock lock = new ReentrantLock();
	private volatile @Nullable Run course;
	private boolean stopping;

	Drain(Connections connections, ApplicationContext context, DrainSettings settings) {
		this.connections = connections;
		this.context = context;
		this.settings = settings;
	}

	/** Whether newcomers are to be turned away. */
	public boolean turnsAway() {
		Run current = course;
		return current != null && current.turnsAway;
	}

	/** Begins to empty this node, unless that is under way. Returns at once. */
	public void begin() {
		lock.lock();
		try {
			if (course == null) {
				Run fresh = new Run();
				course = fresh;
				AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
				Thread.ofVirtual().name("hawser-drain").start(fresh::run);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** Takes this node back into service. Connections that are being closed stay so. False when the server stops. */
	public boolean end() {
		lock.lock();
		try {
			Run current = course;
			if (stopping) {
				return false;
			}
			if (current != null) {
				current.end();
				course = null;
				AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
				LOG.info("Drain ended: back in service");
			}
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Empties this node for good: waits for the drain, for the closing handshakes after it, and for every last callback; drops
	 * what is not done by then.
	 */
	void finish() throws InterruptedException {
		Run last = beginForGood();
		last.over.await(); // bounded: by the delay and the window
		int left = connections.closeAll(CloseReasons.SHUTDOWN, settings.timeout());
		LOG.info("Stopping: {} connections closed in good order, {} dropped", last.atStart - left, left);
	}

	private Run beginForGood() {
		lock.lock();
		try {
			stopping = true;
			begin();
			return Objects.requireNonNull(course);
		}
		finally {
			lock.unlock();
		}
	}

	/** How far it is. */
	public Progress progress() {
		Run current = course;
		int open = connections.size();
		if (current == null) {
			return new Progress(State.SERVING, null, open, open);
		}
		boolean drained = open == 0 && current.over.getCount() == 0;
		return new Progress(drained ? State.DRAINED : State.DRAINING, current.since, current.atStart, open);
	}

	/** Where a drain stands. */
	public enum State {
		/** There is none. */
		SERVING,
		/** Connections are still open. */
		DRAINING,
		/** All are gone. */
		DRAINED
	}

	/**
	 * A drain at one moment.
	 *
	 * @param state   where it stands
	 * @param since   when it began; null when there is none
	 * @param atStart connections that were open then
	 * @param open    connections that are open now
	 */
	public record Progress(State state, @Nullable Instant since, int atStart, int open) {
	}

	/** One drain, from its begin to its end. */
	private final class Run {
		private final Instant since = Instant.now();
		private final int atStart = connections.size();
		private final PacedClose closing = new PacedClose();
		private final CountDownLatch ended = new CountDownLatch(1);
		private final CountDownLatch over = new CountDownLatch(1);
		private volatile boolean turnsAway;

		void run() {
			try {
				if (!ended.await(settings.delay().toNanos(), TimeUnit.NANOSECONDS) && turnAway()) {
					LOG.info("Drain: closing {} connections with {}, within {} s", connections.size(), CloseReasons.SHUTDOWN.getCode(),
							settings.window().toSeconds());
					closing.run(connections, CloseReasons.SHUTDOWN, settings.window());
				}
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
			}
			finally {
				over.countDown();
			}
		}

		/** False when the drain has ended before. */
		private boolean turnAway() {
			lock.lock();
			try {
				if (course != this) {
					return false;
				}
				turnsAway = true;
				connections.turnAway(CloseReasons.SHUTDOWN);
				return true;
			}
			finally {
				lock.unlock();
			}
		}

		/** Called under the lock. */
		void end() {
			ended.countDown();
			closing.cancel();
			connections.turnAway(null);
		}
	}
}
