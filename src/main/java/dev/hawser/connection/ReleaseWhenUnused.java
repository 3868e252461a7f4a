package dev.hawser.connection;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets any thread release a resource that another thread uses: at once when it is not in use, otherwise when that use is over. The
 * resource is released once and not used afterwards. Never waits.
 */
final class ReleaseWhenUnused {
	private enum State {
		FREE, USED, ENDING, ENDED
	}

	private final AtomicReference<State> state = new AtomicReference<>(State.FREE);
	private final Runnable end;

	ReleaseWhenUnused(Runnable end) {
		this.end = end;
	}

	/**
	 * Runs the use; false when the resource has been released. Must be called by one thread at a time, and not from within a use.
	 */
	boolean use(Runnable use) {
		if (!state.compareAndSet(State.FREE, State.USED)) {
			return false;
		}
		try {
			use.run();
			return true;
		}
		finally {
			if (!state.compareAndSet(State.USED, State.FREE)) {
				state.set(State.ENDED);
				end.run();
			}
		}
	}

	/** Releases the resource now, or when the current use is over. */
	void end() {
		if (state.compareAndSet(State.USED, State.ENDING)) {
			return;
		}
		if (state.compareAndSet(State.FREE, State.ENDED)) {
			end.run();
			return;
		}
		if (state.get() != State.ENDED && state.get() != State.ENDING) {
			end(); // a use has just begun or ended
		}
	}
}
