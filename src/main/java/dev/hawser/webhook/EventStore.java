package dev.hawser.webhook;

import dev.hawser.webhook.Event.Origin;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what has to be delivered for each connection, so that it outlives this process. There is an entry for each connection from
 * its accepted handshake until a backend has taken its {@code disconnected}. Safe for any thread; a store that fails does not throw.
 */
interface EventStore extends AutoCloseable {

	/**
	 * What is known of one connection.
	 *
	 * @param of       the connection
	 * @param state    what the backend has asked to get back; null for nothing
	 * @param reserved no event of the connection has this number or a higher one
	 * @param due      events that are to be delivered, in order
	 */
	record Entry(Origin of, @Nullable String state, long reserved, List<Event> due) {
		public Entry {
			due = List.copyOf(due);
		}
	}

	/** Keeps the entry of a connection, in place of the one before. Durable after a moment. */
	void put(Entry entry);

	/** As {@link #put}, and blocks until the entry is durable. */
	void putDurably(Entry entry) throws InterruptedException;

	/** Nothing is left to be delivered for the connection. */
	void remove(Origin of);

	/** The entries that earlier processes have left, by {@link Origin#uniqueId}. */
	Map<String, Entry> left();

	/** Whether the entries outlive this process. */
	boolean isDurable();

	/** Bytes of the file; 0 when there is none. */
	long size();

	/** Whether there is a file, and new entries do not get into it. */
	boolean isFailing();

	@Override
	void close();

	/** Keeps nothing: events are in memory only. */
	EventStore NONE = new EventStore() {
		@Override
		public void put(Entry entry) {
		}

		@Override
		public void putDurably(Entry entry) {
		}

		@Override
		public void remove(Origin of) {
		}

		@Override
		public Map<String, Entry> left() {
			return Map.of();
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
