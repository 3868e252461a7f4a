package dev.hawser.connection;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets any thread end what one other thread uses: at once when it is not in use, otherwise when the use is over. It is ended
 * once, and not used after that. Waits for nobody.
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

	/** Runs the use; false when it is too late for that. To be called by one thread at a time, and not from within a use. */
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

	/** Ends it now, or when the use that is under way is over. */
	void end() {
		if (state.compareAndSet(State.USED, State.ENDING)) {
			return;
		}
		if (state.compareAndSet(State.FREE, State.ENDED)) {
			end.run();
			return;
		}
		if (state.get() != State.ENDED && state.get() != State.ENDING) {
			end(); // a use began or ended just now
		}
	}
}
