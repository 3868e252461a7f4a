package dev.hawser.connection.execution;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the events of one connection in order and never two at a time: on the reading thread if that is allowed, otherwise on a
 * virtual thread. No event runs under the connection's lock. Events should not throw; an exception is logged, and the next event
 * still runs.
 *
 * @param <T> type of the owner of the events
 */
public final class CallbackSequence<T extends CallbackSequence.Owner> extends Deferred {
	private static final Logger LOG = LoggerFactory.getLogger(CallbackSequence.class);

	private final ConnectionLock lock;
	private final Executor threads;
	private final T owner;
	private @Nullable ArrayDeque<Runnable> queue;
	private @Nullable ArrayDeque<Runnable> deferred;
	/** True from the beginning, so that other events wait for the first one. */
	private boolean running = true;
	/** The last event, if any thread may run it. */
	private @Nullable Runnable lastHere;
	/** When the latest of the events that run one after the other has ended; 0 for none. Used by the thread that runs them. */
	private long lastEnd;
	/** Whether reading waits for the events; written under the lock. */
	private volatile boolean readingPaused;

	/** The owner of the events; called on the thread that runs them. */
	public interface Owner {
		/** More than one event waits. Called under the lock. */
		void busy();

		/** No event is left: those that paused the reading have run. Called under the lock; returns whether to {@link #resume}. */
		boolean idle();

		/** Reading may continue. Called without the lock. */
		void resume();
	}

	/** @param lock the owner's lock */
	public CallbackSequence(ConnectionLock lock, Executor threads, T owner) {
		this.lock = lock;
		this.threads = threads;
		this.owner = owner;
	}

	@Override
	<S> @Nullable S owner(Class<S> type) {
		return type.isInstance(owner) ? type.cast(owner) : null;
	}

	/** Runs the first event of all on the calling thread. Other events may be waiting already. */
	public void startHere(Runnable first) {
		runAndLeave(() -> attempt(first));
	}

	/** Runs the first event of all on a thread of its own. Other events may be waiting already. */
	public void start(Runnable first) {
		lock.lock();
		try {
			queue(1).addFirst(first);
		}
		finally {
			lock.unlock();
		}
		threads.execute(this::drain);
	}

	/** Adds events at the end and makes sure that a thread runs them. */
	public void submit(List<Runnable> events) {
		if (add(events)) {
			threads.execute(this::drain);
		}
	}

	/** Runs the event behind those that run or wait: at once and on this thread if there are none. */
	public void runBehind(Runnable event) {
		if (!runHere(event)) {
			submit(List.of(event));
		}
	}

	/** As {@link #submit}; pauses the reading until {@link Owner#idle}. */
	public void submitAndPause(List<Runnable> events) {
		boolean idle;
		lock.lock();
		try {
			readingPaused = true;
			idle = add(events);
		}
		finally {
			lock.unlock();
		}
		if (idle) {
			threads.execute(this::drain);
		}
	}

	/** Returns whether a thread must be started that runs the events. */
	private boolean add(List<Runnable> events) {
		lock.lock();
		try {
			queue(events.size()).addAll(events);
			boolean idle = !running;
			running = true;
			return idle;
		}
		finally {
			lock.unlock();
		}
	}

	/** Adds the last event of all. */
	public void submitLast(Runnable event) {
		assert lock.isHeldByCurrentThread();
		if (add(List.of(event))) {
			lock.afterwards(() -> threads.execute(this::drain));
		}
	}

	/**
	 * Adds the last event of all, which never waits: it runs on the thread that runs the event before it, or otherwise on this one,
	 * as soon as the lock is free.
	 */
	public void submitLastHere(Runnable event) {
		assert lock.isHeldByCurrentThread();
		Runnable last = () -> attempt(event);
		if (running) {
			queue(1).add(last);
			lastHere = last;
		}
		else {
			running = true;
			lock.afterwards(() -> runAndLeave(last));
		}
	}

	/** Runs the work on this thread as one event, if no event is running or waiting. Events that come meanwhile run after it. */
	public boolean runHere(Runnable work) {
		lock.lock();
		try {
			if (running) {
				return false;
			}
			running = true;
		}
		finally {
			lock.unlock();
		}
		runAndLeave(work);
		return true;
	}

	private void runAndLeave(Runnable work) {
		lastEnd = 0;
		try {
			runAsCurrent(work);
		}
		finally {
			leave();
		}
	}

	/** Whether {@link #submitAndPause} has paused the reading and the pause has not ended. */
	public boolean readingPaused() {
		return readingPaused;
	}

	/** Ends the pause; false when there was none. */
	public boolean endPause() {
		assert lock.isHeldByCurrentThread();
		boolean paused = readingPaused;
		readingPaused = false;
		return paused;
	}

	/** Called from within an event. */
	@Override
	void defer(Runnable task) {
		if (deferred == null) {
			deferred = new ArrayDeque<>();
		}
		deferred.add(task);
	}

	/** The next task that the running event has deferred; null when there is none left. Called at the end of each event. */
	@Nullable
	public Runnable nextDeferred() {
		Runnable task = deferred == null ? null : deferred.poll();
		if (task == null) {
			deferred = null;
		}
		return task;
	}

	/**
	 * The time, as of {@link System#nanoTime}, at which a callback begins that is called now: when the one before it has ended, if they
	 * belong together. So one reading of the clock serves two callbacks. Called from within an event.
	 */
	public long begin() {
		return lastEnd == 0 ? System.nanoTime() : lastEnd;
	}

	/** The time at which a callback ends that ends now. Called from within an event. */
	public long end() {
		lastEnd = System.nanoTime();
		return lastEnd;
	}

	private void leave() {
		Runnable last = null;
		lock.lock();
		try {
			if (queue == null || queue.isEmpty()) {
				running = false;
				queue = null;
				return;
			}
			if (queue.peek() == lastHere) {
				last = queue.poll();
			}
		}
		finally {
			lock.unlock();
		}
		if (last != null) {
			runAndLeave(last);
		}
		else {
			threads.execute(this::drain);
		}
	}

	private void drain() {
		lastEnd = 0;
		runAsCurrent(() -> {
			for (Runnable event = next(); event != null; event = next()) {
				attempt(event);
			}
		});
	}

	/** Runs the event. An exception must not stop later events: the last one ends the connection. */
	private static void attempt(Runnable event) {
		try {
			event.run();
		}
		catch (Throwable e) {
			EngineThreads.endProcessIfFatal(e);
			LOG.error("An event of a connection threw", e);
		}
	}

	private ArrayDeque<Runnable> queue(int size) {
		assert lock.isHeldByCurrentThread();
		if (queue == null) {
			queue = new ArrayDeque<>(Math.max(2, size));
		}
		return queue;
	}

	private @Nullable Runnable poll() {
		return queue == null ? null : queue.poll();
	}

	private @Nullable Runnable next() {
		Runnable event;
		boolean resume = false;
		lock.lock();
		try {
			event = poll();
			if (event == null) {
				resume = owner.idle();
				event = poll(); // going idle sends; a socket found broken then adds the last event
			}
			if (event == null) {
				running = false;
				queue = null;
			}
			else if (queue != null && !queue.isEmpty()) {
				owner.busy();
			}
		}
		finally {
			lock.unlock();
		}
		if (resume) {
			owner.resume();
		}
		return event;
	}
}
