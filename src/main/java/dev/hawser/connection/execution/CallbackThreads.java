package dev.hawser.connection.execution;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs each task on a virtual thread of its own. Tasks from a selector's thread wait while it reads the ready sockets, and are
 * started together before it selects again. The woken threads then find all tasks at once, and do not take the processor from a
 * thread that is still reading.
 */
public final class CallbackThreads implements Executor {
	private static final ThreadLocal<SelectorRound> ROUND = new ThreadLocal<>();

	@Override
	public void execute(Runnable task) {
		// a virtual thread is never a selector's, and reading ROUND would allocate a thread-local map for it
		SelectorRound round = Thread.currentThread().isVirtual() ? null : ROUND.get();
		if (round == null || !round.holds(task)) {
			Thread.startVirtualThread(task);
		}
	}

	/** Starts the tasks that wait for the calling thread, before it does something that takes longer than reading a socket. */
	public static void startWaiting() {
		SelectorRound round = ROUND.get();
		if (round != null) {
			round.startWaiting();
		}
	}

	/**
	 * One round of a selector, for whose end its tasks wait. Any thread may call: another thread may take over the selector in the
	 * middle of a round, and the first one is then an ordinary thread.
	 */
	public static final class SelectorRound {
		/** Most tasks that wait, so that other processors are not idle for long. */
		static final int MOST = 128;

		private final ReentrantLock lock = new ReentrantLock();
		private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
		private @Nullable Thread reader;

		/** The calling thread has selected and begins to read. */
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

		/**
		 * The thread is about to select again. Starts the waiting tasks in order, and later ones at once until the next round
		 * begins.
		 */
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

		/** The number of waiting tasks. */
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
