package dev.hawser.connection;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * Lets any thread release what the uses of a resource leave behind: at once when the resource is not in use, otherwise when that use
 * is over. What is left behind is released once, and the resource is not used afterwards. Never waits. A use that finds nothing left
 * behind, and leaves nothing, costs two reads of memory.
 */
abstract class ReleaseWhenUnused {
	private static final AtomicReferenceFieldUpdater<ReleaseWhenUnused, State> STATE = AtomicReferenceFieldUpdater
			.newUpdater(ReleaseWhenUnused.class, State.class, "state");

	private volatile State state = State.OWNED;
	private volatile boolean ended;

	private enum State {
		/** Nothing is left behind, or a use is under way. The using thread alone may touch the resource. */
		OWNED,
		/** No use is under way, and something is left behind. */
		LEFT,
		/** What was left behind has been released. */
		RELEASED
	}

	/** Whether the use that is just over has left something behind. Asked by the using thread. */
	abstract boolean hasLeftSomething();

	/** Releases what is left behind. */
	abstract void release();

	/**
	 * Begins a use, which must be followed by {@link #leave}. False when the end has come. Called by one thread at a time, and not
	 * within a use.
	 */
	final boolean use() {
		return !ended && (state == State.OWNED || STATE.compareAndSet(this, State.LEFT, State.OWNED));
	}

	/** Ends a use. */
	final void leave() {
		if (hasLeftSomething()) {
			state = State.LEFT;
			if (ended) {
				releaseOnce();
			}
		}
	}

	/** Releases what is left behind, now or when the current use is over. */
	final void endUses() {
		ended = true;
		releaseOnce();
	}

	/** Whether {@link #endUses} was called. */
	final boolean isEnded() {
		return ended;
	}

	private void releaseOnce() {
		if (STATE.compareAndSet(this, State.LEFT, State.RELEASED)) {
			release();
		}
	}
}
