package dev.hawser.connection.execution;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tasks that a callback of the application defers until its end. Only this class knows which callback the calling thread
 * is in. The callbacks of a connection are run by its {@link CallbackSequence}; the callback that decides on a handshake has no
 * connection yet, see {@link #collect}.
 */
public abstract sealed class Deferred permits CallbackSequence, Deferred.OfHandshake {
	private static final ScopedValue<Deferred> CURRENT = ScopedValue.newInstance();

	Deferred() {
	}

	/** Runs the callback that decides on a handshake; tasks that it defers on this thread are added to the list. */
	public static <X extends Throwable> void collect(List<Runnable> tasks, Callback<X> callback) throws X {
		ScopedValue.where(CURRENT, new OfHandshake(tasks)).call(() -> {
			callback.run();
			return null;
		});
	}

	/** Defers the task until the end of the callback that the calling thread is in; false when it is in none. */
	public static boolean add(Runnable task) {
		if (!CURRENT.isBound()) {
			return false;
		}
		CURRENT.get().defer(task);
		return true;
	}

	/** The owner of the callback that the calling thread is in, if the owner has this type; otherwise null. */
	public static <S> @Nullable S caller(Class<S> type) {
		return CURRENT.isBound() ? CURRENT.get().owner(type) : null;
	}

	/** Runs the work; tasks that it defers are added here. */
	final void runAsCurrent(Runnable work) {
		ScopedValue.where(CURRENT, this).run(work);
	}

	abstract void defer(Runnable task);

	/** The owner of these callbacks, if the owner has this type; otherwise null. */
	abstract <S> @Nullable S owner(Class<S> type);

	/** A callback that may throw. */
	@FunctionalInterface
	public interface Callback<X extends Throwable> {
		void run() throws X;
	}

	static final class OfHandshake extends Deferred {
		private final List<Runnable> tasks;

		OfHandshake(List<Runnable> tasks) {
			this.tasks = tasks;
		}

		@Override
		void defer(Runnable task) {
			tasks.add(task);
		}

		@Override
		<S> @Nullable S owner(Class<S> type) {
			return null;
		}
	}
}
