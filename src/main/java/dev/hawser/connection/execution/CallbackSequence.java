package dev.hawser.connection.execution;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs the events of one connection in order and never two at a time: on the reading thread where that is allowed, on a
 * virtual thread otherwise. Events must not throw.
 */
public final class CallbackSequence {
	private static final ScopedValue<CallbackSequence> CURRENT = ScopedValue.newInstance();

	private final ReentrantLock lock;
	private final Executor threads;
	private final Pause pause;
	private @Nullable ArrayDeque<Runnable> queue;
	private @Nullable ArrayDeque<Runnable> deferred;
	/** True from the beginning: whatever comes before {@link #start} waits behind the first event. */
	private boolean running = true;
	/** The last event of all, if any thread may run it. */
	private @Nullable Runnable lastHere;
	/** Whether reading waits for the events; written under the lock. */
	private volatile boolean readingPaused;

	/** What the sequence tells its connection, under the connection's lock, on the thread that runs the events. */
	public interface Pause {
		/** More events wait behind the one that comes next. */
		void busy();

		/** No event is left, those that paused the reading have run. */
		void idle();
	}

	public CallbackSequence(ReentrantLock lock, Executor threads, Pause pause) {
		this.lock = lock;
		this.threads = threads;
		this.pause = pause;
	}

	/** The sequence whose event the calling thread runs, or null. */
	public static @Nullable CallbackSequence current() {
		return CURRENT.isBound() ? CURRENT.get() : null;
	}

	/** What it tells when it waits; says whose sequence it is. */
	public Pause pause() {
		return pause;
	}

	/** Runs the first event of all, on this thread or on another. To be called once; other events may be waiting already. */
	public void start(Runnable first, boolean here) {
		if (here) {
			runAndLeave(first);
			return;
		}
		lock.lock();
		try {
			queue(1).addFirst(first);
		}
		finally {
			lock.unlock();
		}
		threads.execute(this::drain);
	}

	/** Adds events at the end and sees that a thread runs them. */
	void submit(List<Runnable> events) {
		submit(events, false);
	}

	/** As {@link #submit}; from now on and until {@link Pause#idle} the reading is paused. */
	public void submitAndPause(List<Runnable> events) {
		submit(events, true);
	}

	private void submit(List<Runnable> events, boolean pause) {
		lock.lock();
		try {
			queue(events.size()).addAll(events);
			readingPaused |= pause;
			if (running) {
				return;
			}
			running = true;
		}
		finally {
			lock.unlock();
		}
		threads.execute(this::drain);
	}

	/**
	 * Adds the last event of all. To be called under the lock.
	 *
	 * @param here whether it never waits: it then runs on the thread that runs the event before it, or now, on this one
	 */
	public void submitLast(Runnable event, boolean here) {
		if (!here) {
			submit(List.of(event));
		}
		else if (running) {
			queue(1).add(event);
			lastHere = event;
		}
		else {
			running = true;
			runAndLeave(event);
		}
	}

	/** Runs the work on this thread, as one event, if no other is running or waiting. Events that come meanwhile follow it. */
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
		try {
			ScopedValue.where(CURRENT, this).run(work);
		}
		finally {
			leave();
		}
	}

	/** Whether {@link #submitAndPause} has paused the reading and nothing has ended that. */
	public boolean readingPaused() {
		return readingPaused;
	}

	/** Ends the pause; false when there was none. To be called under the lock. */
	public boolean endPause() {
		boolean paused = readingPaused;
		readingPaused = false;
		return paused;
	}

	/** Runs the task after the running event and before the next; to be called from within an event. */
	public void defer(Runnable task) {
		if (deferred == null) {
			deferred = new ArrayDeque<>();
		}
		deferred.add(task);
	}

	/** What the running event deferred, one task at a time until null; each event asks at its end. */
	@Nullable
	public Runnable nextDeferred() {
		Runnable task = deferred == null ? null : deferred.poll();
		if (task == null) {
			deferred = null;
		}
		return task;
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
		ScopedValue.where(CURRENT, this).run(() -> {
			for (Runnable event = next(); event != null; event = next()) {
				event.run();
			}
		});
	}

	private ArrayDeque<Runnable> queue(int size) {
		if (queue == null) {
			queue = new ArrayDeque<>(Math.max(2, size));
		}
		return queue;
	}

	private @Nullable Runnable poll() {
		return queue == null ? null : queue.poll();
	}

	private @Nullable Runnable next() {
		lock.lock();
		try {
			Runnable event = poll();
			if (event == null) {
				pause.idle();
				event = poll(); // going idle sends, which may find the socket broken, which makes the last event
			}
			if (event == null) {
				running = false;
				queue = null;
			}
			else if (!queue.isEmpty()) {
				pause.busy();
			}
			return event;
		}
		finally {
			lock.unlock();
		}
	}
}
