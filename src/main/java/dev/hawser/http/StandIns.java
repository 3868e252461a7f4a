package dev.hawser.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.eclipse.jetty.util.thread.TryExecutor;

/**
 * Makes the threads of selectors, and keeps a stand-in for each. When a selector's thread is going to do work that may block, Jetty asks
 * for a thread that takes the selector over. Jetty's pool would wake one each time. Here the stand-in is only remembered, and started when
 * the work has taken too long; otherwise the selector's thread keeps its selector.
 */
final class StandIns implements TryExecutor {
	private final Executor pool;
	private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

	/** @param pool makes threads, if it can, and runs what a selector gives to other threads */
	StandIns(Executor pool) {
		this.pool = pool;
	}

	/** Remembers the stand-in. */
	@Override
	public boolean tryExecute(Runnable standIn) {
		waiting.add(standIn);
		return true;
	}

	/** Starts the stand-in, if it has been asked for and has not been started yet. */
	void startWaiting(Runnable standIn) {
		if (waiting.remove(standIn)) {
			try {
				start(standIn);
			}
			catch (RuntimeException | Error e) {
				waiting.add(standIn); // there may be room for a thread later
				throw e;
			}
		}
	}

	/**
	 * Starts a thread that looks like one of the pool, and is none: the pool may have no thread left when a stand-in is needed, and at a
	 * stop it would wait for a thread that a callback holds up.
	 */
	void start(Runnable work) {
		Thread thread = pool instanceof ThreadFactory factory ? factory.newThread(work) : new Thread(work);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void execute(Runnable task) {
		pool.execute(task);
	}
}
