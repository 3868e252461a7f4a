package dev.hawser.connection;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs the events of one connection in order and never two at a time: on the reading thread where that is allowed, on a
 * virtual thread otherwise. Events must not throw.
 */
final class CallbackSequence {
	private static final ScopedValue<CallbackSequence> CURRENT = ScopedValue.newInstance();

	private final ReentrantLock lock;
	private final Executor threads;
	private final Pause pause;
	private @Nullable ArrayDeque<Runnable> queue;
	private @Nullable ArrayDeque<Runnable> deferred;
	private boolean running;

	/** What the sequence tells its connection; both are called on the thread that runs the events. */
	interface Pause {
		/** More events wait behind the one that comes next. */
		void busy();

		/** No event waits; called under the connection's lock. */
		void idle();

		/** The sequence has stopped; the lock is free. */
		void stopped();
	}

	CallbackSequence(ReentrantLock lock, Executor threads, Pause pause) {
		this.lock = lock;
		this.threads = threads;
		this.pause = pause;
	}

	/** The sequence whose event the calling thread runs, or null. */
	static @Nullable CallbackSequence current() {
		return CURRENT.isBound() ? CURRENT.get() : null;
	}

	/** Adds events at the end and sees that a thread runs them. */
	void submit(List<Runnable> events) {
		lock.lock();
		try {
			if (queue == null) {
				queue = new ArrayDeque<>(Math.max(2, events.size()));
			}
			queue.addAll(events);
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

	/** Runs the work on this thread, as one event, if no other is running or waiting. Events that come meanwhile follow it. */
	boolean runHere(Runnable work) {
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
		try {
			ScopedValue.where(CURRENT, this).run(work);
		}
		finally {
			leave();
		}
		return true;
	}

	/** Runs the task after the running event and before the next; to be called from within an event. */
	void defer(Runnable task) {
		if (deferred == null) {
			deferred = new ArrayDeque<>();
		}
		deferred.add(task);
	}

	/** To be called by each event at its end: runs what it deferred. */
	void runDeferred() {
		while (deferred != null) {
			Runnable task = deferred.poll();
			if (task == null) {
				deferred = null;
				return;
			}
			task.run();
		}
	}

	private void leave() {
		lock.lock();
		try {
			if (queue == null || queue.isEmpty()) {
				running = false;
				queue = null;
				return;
			}
		}
		finally {
			lock.unlock();
		}
		threads.execute(this::drain);
	}

	private void drain() {
		ScopedValue.where(CURRENT, this).run(() -> {
			for (Runnable event = next(); event != null; event = next()) {
				event.run();
			}
		});
		pause.stopped();
	}

	private @Nullable Runnable next() {
		lock.lock();
		try {
			Runnable event = queue == null ? null : queue.poll();
			if (event == null) {
				pause.idle();
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
