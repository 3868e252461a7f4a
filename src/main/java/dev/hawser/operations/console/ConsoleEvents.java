package dev.hawser.operations.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hawser.connection.WebSocketConnection;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hands what happens on this node to the operators who look. While there are none, an event costs one read of a field. Safe for any thread.
 */
final class ConsoleEvents {
	/** Too many to look at, and only shown for a single connection. */
	private static final Set<String> OF_MESSAGES = Set.of("received", "sent");

	private final ReentrantLock lock = new ReentrantLock();
	/** Never changed, but replaced; an array, since a loop over it makes no object. */
	private volatile Listener[] listeners = {};

	/** Gets events. Called on the threads of the events; must be quick. */
	interface Listener {
		/** The id of the only connection that it wants to hear of; null for all events but those of messages. */
		@Nullable
		String connection();

		void offer(Event event);

		/** Whether it wants no event any more. */
		default boolean isOver() {
			return false;
		}
	}

	/**
	 * Something that has happened. Long texts are cut.
	 *
	 * @param at         milliseconds since 1970
	 * @param kind       {@code open}, {@code close}, {@code refused}, {@code lost}, {@code received}, {@code sent}, {@code webhook} and so on
	 * @param hub        the hub; null where it is not known
	 * @param connection the connection's id; null for none
	 * @param user       the user; null for none
	 * @param detail     what else there is to say, such as a close code
	 * @param bytes      the size of a message; 0 for other events
	 * @param payload    the beginning of a message; null for other events, and unless a setting lets operators see it
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Event(long at, String kind, @Nullable String hub, @Nullable String connection, @Nullable String user, @Nullable String detail,
			int bytes, @Nullable String payload) {
		private static final int LONGEST = 300;

		Event {
			user = cut(user);
			detail = cut(detail);
		}

		private static @Nullable String cut(@Nullable String text) {
			return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + '…';
		}

		boolean isOfMessage() {
			return OF_MESSAGES.contains(kind);
		}

		/** Without the payload, which must not get into a log. */
		@Override
		public String toString() {
			return "Event[" + kind + " of " + connection + ']';
		}
	}

	boolean areWatched() {
		return listeners.length > 0;
	}

	/** Whether the messages of this connection are watched. Makes no object. */
	boolean areWatchedOf(WebSocketConnection connection) {
		for (Listener listener : listeners) {
			String only = listener.connection();
			if (only != null && connection.isNamed(only)) {
				return true;
			}
		}
		return false;
	}

	void tell(Event event) {
		for (Listener listener : listeners) {
			String only = listener.connection();
			if (listener.isOver()) {
				remove(listener);
			}
			else if (only == null ? !event.isOfMessage() : only.equals(event.connection())) {
				listener.offer(event);
			}
		}
	}

	/**
	 * Adds a listener, unless there are too many.
	 *
	 * @param most how many of its class there may be
	 */
	boolean add(Listener listener, int most) {
		lock.lock();
		try {
			if (Stream.of(listeners).filter(each -> each.getClass() == listener.getClass()).count() >= most) {
				return false;
			}
			listeners = Stream.concat(Stream.of(listeners), Stream.of(listener)).toArray(Listener[]::new);
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	void remove(Listener listener) {
		lock.lock();
		try {
			listeners = Stream.of(listeners).filter(each -> each != listener).toArray(Listener[]::new);
		}
		finally {
			lock.unlock();
		}
	}
}
