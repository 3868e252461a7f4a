package dev.hawser.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Threads that start only when the test says so, and then run one after the other on the test's own thread. */
public final class HeldThreads implements Executor {
	private final ArrayDeque<Runnable> held = new ArrayDeque<>();

	@Override
	public void execute(Runnable task) {
		held.add(task);
	}

	public int size() {
		return held.size();
	}

	/** Runs all tasks, and the tasks that these start. */
	public void run() {
		for (Runnable task = held.poll(); task != null; task = held.poll()) {
			task.run();
		}
	}
}
