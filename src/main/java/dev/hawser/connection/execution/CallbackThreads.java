package dev.hawser.connection.execution;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs each task on a virtual thread of its own. What a selector's thread asks for while it reads the sockets that are ready is
 * started before it selects again: what that wakes then finds all of it, and takes the processor from nobody who still reads.
 */
public final class CallbackThreads implements Executor {
	private static final ThreadLocal<SelectorRound> ROUND = new ThreadLocal<>();

	@Override
	public void execute(Runnable task) {
		// a virtual thread is never a selector's, and asking for its ROUND would make it a map of its own
		SelectorRound round = Thread.currentThread().isVirtual() ? null : ROUND.get();
		if (round == null || !round.holds(task)) {
			Thread.startVirtualThread(task);
		}
	}

	/** Starts what waits for the calling thread, which is going to do something longer than to read a socket. */
	public static void startWaiting() {
		SelectorRound round = ROUND.get();
		if (round != null) {
			round.startWaiting();
		}
	}

	/**
	 * What the tasks of one selector wait for. Any thread may call: the selector may be given to another one in the middle, after
	 * which the first is a thread like others.
	 */
	public static final class SelectorRound {
		/** No more tasks than these wait, so that other processors are not idle for long. */
		static final int MOST = 128;

		private final ReentrantLock lock = new ReentrantLock();
		private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
		private @Nullable Thread reader;

		/** The calling thread has selected and is going to read. */
		public void begin() {
			lock.lock();
			try {
				reader = Thread.currentThread();
			}
			finally {
				lock.unlock();
			}
			if (ROUND.get() != this) {
				ROUND.set(this);
			}
		}

		/** It is about to select again: starts what waits, in its order, and everything else at once until the next begins. */
		public void end() {
			lock.lock();
			try {
				reader = null;
				start();
			}
			finally {
				lock.unlock();
			}
		}

		private boolean holds(Runnable task) {
			lock.lock();
			try {
				if (reader != Thread.currentThread()) {
					return false;
				}
				waiting.add(task);
				if (waiting.size() == MOST) {
					start();
				}
				return true;
			}
			finally {
				lock.unlock();
			}
		}

		private void startWaiting() {
			lock.lock();
			try {
				start();
			}
			finally {
				lock.unlock();
			}
		}

		private void start() {
			for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
				Thread.startVirtualThread(task);
			}
		}

		/** How many tasks wait. */
		int waiting() {
			lock.lock();
			try {
				return waiting.size();
			}
			finally {
				lock.unlock();
			}
		}
	}
}
