package dev.hawser.connection.execution;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of one connection. It is never held while the application, an observer or the registry is called: the need for such a
 * call is decided under the lock, and the call itself waits in {@link #afterwards} until the lock is free.
 */
public final class ConnectionLock extends ReentrantLock {
	private static final Logger LOG = LoggerFactory.getLogger(ConnectionLock.class);

	/** Guarded by this lock; null while nothing waits. */
	private @Nullable ArrayDeque<Runnable> waiting;

	/**
	 * Runs the task on the calling thread as soon as that thread no longer holds the lock, after earlier tasks. An exception is
	 * logged, and the next task still runs.
	 */
	public void afterwards(Runnable task) {
		assert isHeldByCurrentThread();
		if (waiting == null) {
			waiting = new ArrayDeque<>(2);
		}
		waiting.add(task);
	}

	/** What the question is answered with while this thread holds the lock. */
	public <T> T holding(Supplier<T> question) {
		lock();
		try {
			return question.get();
		}
		finally {
			unlock();
		}
	}

	@Override
	public void unlock() {
		ArrayDeque<Runnable> tasks = waiting;
		if (tasks == null || getHoldCount() > 1) {
			super.unlock();
			return;
		}
		waiting = null;
		super.unlock();
		tasks.forEach(ConnectionLock::attempt);
	}

	private static void attempt(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable e) {
			EngineThreads.endProcessIfFatal(e);
			LOG.error("A task after a change of a connection failed", e);
		}
	}
}
