package dev.hawser.connection.execution;

import java.util.List;

/** What an opening handshake's callback defers until its connection is open. */
public final class Deferred {
	private static final ScopedValue<List<Runnable>> CURRENT = ScopedValue.newInstance();

	private Deferred() {
	}

	/** Runs the callback; tasks that it defers on this thread are added to the list. */
	public static <X extends Throwable> void collect(List<Runnable> tasks, Callback<X> callback) throws X {
		ScopedValue.where(CURRENT, tasks).call(() -> {
			callback.run();
			return null;
		});
	}

	/** Adds the task if the calling thread is within {@link #collect}. */
	public static boolean add(Runnable task) {
		return CURRENT.isBound() && CURRENT.get().add(task);
	}

	/** A callback that may throw. */
	@FunctionalInterface
	public interface Callback<X extends Throwable> {
		void run() throws X;
	}
}
