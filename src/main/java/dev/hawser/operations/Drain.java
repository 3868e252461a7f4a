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
 * Takes this node out of service, and back into service. A drain first turns readiness off; after a delay it refuses new
 * connections, and then closes the open ones with 1012, spread over a window. Safe for any thread.
 */
public final class Drain {
	private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

	private final Connections connections;
	private final ApplicationContext context;
	private final DrainSettings settings;
	private final ReentrantLock lock = new ReentrantLock();
	private volatile @Nullable Run course;
	private boolean stopping;
	private ReadinessState announced = ReadinessState.ACCEPTING_TRAFFIC;
	private volatile boolean announcing;

	Drain(Connections connections, ApplicationContext context, DrainSettings settings) {
		this.connections = connections;
		this.context = context;
		this.settings = settings;
	}

	/** Whether new connections must be refused. */
	public boolean turnsAway() {
		Run current = course;
		return current != null && current.turnsAway;
	}

	/** Begins a drain, unless one is under way. Returns at once. */
	public void begin() {
		Run fresh = beginRun();
		if (fresh != null) {
			announce();
			Thread.ofVirtual().name("hawser-drain").start(fresh::run);
		}
	}

	/** Null when one is under way. */
	private @Nullable Run beginRun() {
		lock.lock();
		try {
			if (course != null) {
				return null;
			}
			Run fresh = new Run();
			course = fresh;
			return fresh;
		}
		finally {
			lock.unlock();
		}
	}

	/** Takes this node back into service. Connections whose closing has begun are still closed. False when the server stops. */
	public boolean end() {
		lock.lock();
		try {
			Run current = course;
			if (stopping) {
				return false;
			}
			if (current == null) {
				return true;
			}
			current.end();
			course = null;
		}
		finally {
			lock.unlock();
		}
		announce();
		LOG.info("Drain ended: back in service");
		return true;
	}

	/**
	 * Tells the application whether this node takes traffic. Listeners run without the lock, since they may wait or call this drain. One
	 * thread tells at a time and looks again afterwards, so that the last event is the state in force.
	 */
	private void announce() {
		for (ReadinessState news = takeNews(); news != null; news = takeNews()) {
			try {
				AvailabilityChangeEvent.publish(context, news);
			}
			catch (RuntimeException e) {
				LOG.error("A listener has failed that was told of {}", news, e);
			}
			finally {
				announcing = false;
			}
		}
	}

	/** Null when there is nothing to announce, or when another thread announces and will look again. */
	private @Nullable ReadinessState takeNews() {
		lock.lock();
		try {
			ReadinessState now = course == null ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC;
			if (announcing || announced == now) {
				return null;
			}
			announcing = true;
			announced = now;
			return now;
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Drains this node for good. Waits for the drain, then up to the timeout for the last closing handshakes and callbacks, and
	 * drops the connections that are left.
	 */
	void finish() throws InterruptedException {
		Run last = beginForGood();
		last.over.await(); // takes at most the delay and the window
		int left = connections.closeAll(CloseReasons.SHUTDOWN, settings.timeout());
		LOG.info("Stopping: {} connections closed in good order, {} dropped", last.atStart - left, left);
	}

	private Run beginForGood() {
		lock.lock();
		try {
			stopping = true; // from here on no drain ends
		}
		finally {
			lock.unlock();
		}
		begin();
		return Objects.requireNonNull(course);
	}

	/** The state of the drain now. */
	public Progress progress() {
		Run current = course;
		int open = connections.size();
		if (current == null) {
			return new Progress(State.SERVING, null, open, open);
		}
		boolean drained = open == 0 && current.over.getCount() == 0;
		return new Progress(drained ? State.DRAINED : State.DRAINING, current.since, current.atStart, open);
	}

	/** The stages of a drain. */
	public enum State {
		/** No drain has begun. */
		SERVING,
		/** A drain has begun, and connections are still open. */
		DRAINING,
		/** A drain has begun, and all connections are closed. */
		DRAINED
	}

	/**
	 * A drain at one moment.
	 *
	 * @param state the stage of the drain
	 * @param since   when the drain began; null when there is none
	 * @param atStart connections that were open when the drain began
	 * @param open    connections that are open now
	 */
	public record Progress(State state, @Nullable Instant since, int atStart, int open) {
	}

	/** One drain, from its beginning to its end. */
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

		/** Refuses new connections from now on. False when the drain has already been ended. */
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

		void end() {
			assert lock.isHeldByCurrentThread();
			ended.countDown();
			closing.cancel();
			connections.turnAway(null);
		}
	}
}
