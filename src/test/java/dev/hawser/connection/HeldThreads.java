package dev.hawser.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Threads that do not run before they are told to, and then one after another on the thread that tells them. */
public final class HeldThreads implements Executor {
	private final ArrayDeque<Runnable> held = new ArrayDeque<>();

	@Override
	public void execute(Runnable task) {
		held.add(task);
	}

	public int size() {
		return held.size();
	}

	/** Runs all, and those that they start. */
	public void run() {
		for (Runnable task = held.poll(); task != null; task = held.poll()) {
			task.run();
		}
	}
}
