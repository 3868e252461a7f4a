package dev.hawser.connection.execution;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one selector: its thread selects, and then reads the sockets that are ready. Tasks for other threads wait for the end
 * of the round. Any thread may call: another thread may take over the selector in the middle of a round, and the first one is then an
 * ordinary thread.
 */
public final class SelectorRound implements AutoCloseable {
	/** Most tasks that wait, so that other processors are not idle for long. */
	static final int MOST = 128;

	private static final ThreadLocal<SelectorRound> CURRENT = new ThreadLocal<>();

	private final StandIn standIn;
	private final ReentrantLock lock = new ReentrantLock();
	private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
	private @Nullable Thread reader;
	/** The thread that has selected last; null before the first round. */
	private volatile @Nullable Leader leader;

	/** Another thread that can go on with a selector when the selector's thread is held up. */
	public interface StandIn {
		/** Whether the calling thread, which is the selector's, does something in this moment during which another could go on. */
		boolean isReady();

		/** Lets another thread go on. Has no effect when the selector's own thread has gone on already. Any thread may call. */
		void goOn();
	}

	/** @param standIn can go on with the selector */
	public SelectorRound(StandIn standIn) {
		this.standIn = standIn;
		SelectorWatch.OF_THIS_PROCESS.add(this);
	}

	/** The selector whose round the calling thread has begun last; null for a thread that never has. */
	static @Nullable SelectorRound ofThisThread() {
		// a virtual thread is never a selector's, and reading CURRENT would allocate a thread-local map for it
		return Thread.currentThread().isVirtual() ? null : CURRENT.get();
	}

	/** The calling thread has selected and begins to read. */
	public void begin() {
		Thread thread = Thread.currentThread();
		lock.lock();
		try {
			reader = thread;
			Leader before = leader;
			if (before == null || before.thread != thread) {
				leader = new Leader(thread);
			}
		}
		finally {
			lock.unlock();
		}
		if (CURRENT.get() != this) {
			CURRENT.set(this);
		}
	}

	/**
	 * The thread is about to select again. Starts the waiting tasks in order, and later ones at once until the next round begins.
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

	/** The selector is closed. */
	@Override
	public void close() {
		SelectorWatch.OF_THIS_PROCESS.remove(this);
		end();
	}

	/** Whether the task waits for the end of the round; false for a thread that is not reading. */
	boolean holds(Runnable task) {
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

	void startWaiting() {
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

	@Nullable
	Leader leader() {
		return leader;
	}

	StandIn standIn() {
		return standIn;
	}
}
