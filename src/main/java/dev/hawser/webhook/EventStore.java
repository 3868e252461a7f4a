package dev.hawser.webhook;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what has to be delivered for each connection, so that it outlives this process. There is an entry for each connection from
 * its accepted handshake until a backend has taken its {@code disconnected}. Safe for any thread; a store that fails does not throw.
 */
public interface EventStore extends AutoCloseable {

	/** The entry of one connection. Its methods do not block, and may be called by any thread. */
	interface Kept {
		/** Names the entry among all that this and every other process has ever had. */
		String name();

		/** What is to be kept, as of the last call for this entry. */
		byte[] content();

		/** Another node delivers what is due and tells of the end: from now on nothing is delivered here for the connection. */
		void handedOver();
	}

	/** Delivers what processes have left that are dead now. */
	interface Heir {
		/**
		 * Takes over an entry that a process has left. May block.
		 *
		 * @return the entry from now on; null when there is nothing to deliver, and the store may forget it
		 * @throws IllegalStateException when the thread was interrupted before that was known: the store keeps the entry
		 */
		@Nullable
		Kept inherit(String name, byte[] content);

		/** Whether there is room for one more. Without, it stays in the store until there is. */
		boolean hasRoom();
	}

	/** Keeps the content of an entry, in place of the one before. Durable after a moment. */
	void put(Kept entry);

	/** As {@link #put}, and blocks until the content is durable, or cannot be made so, or that takes too long. */
	void putDurably(Kept entry) throws InterruptedException;

	/** Nothing is left to be delivered for the connection. */
	void remove(Kept entry);

	/** Gives the heir what is left by processes that are dead, now or later. Called once. */
	void start(Heir heir);

	/** Whether the entries outlive this process. */
	boolean isDurable();

	/** Bytes of the file; 0 when there is none. */
	long size();

	/** Whether entries ought to outlive this process, and new ones do not. */
	boolean isFailing();

	@Override
	void close();

	/** Keeps nothing: events are in memory only. */
	EventStore NONE = new EventStore() {
		@Override
		public void put(Kept entry) {
		}

		@Override
		public void putDurably(Kept entry) {
		}

		@Override
		public void remove(Kept entry) {
		}

		@Override
		public void start(Heir heir) {
		}

		@Override
		public boolean isDurable() {
			return false;
		}

		@Override
		public long size() {
			return 0;
		}

		@Override
		public boolean isFailing() {
			return false;
		}

		@Override
		public void close() {
		}
	};
}
