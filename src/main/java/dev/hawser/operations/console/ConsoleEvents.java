package dev.hawser.operations.console;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands what happens on this node to the operators who look. While there are none, an event costs one read of a field. Safe for any thread.
 */
final class ConsoleEvents {
	/** Each has a queue and an open request. */
	private static final int MOST_WATCHERS = 16;

	private final ReentrantLock lock = new ReentrantLock();
	private volatile List<Watcher> watchers = List.of();

	/**
	 * Something that has happened.
	 *
	 * @param at         milliseconds since 1970
	 * @param kind       {@code open}, {@code close}, {@code refused}, {@code lost}, {@code received}, {@code sent} and so on
	 * @param hub        the hub; null where it is not known
	 * @param connection the connection's id; null for none
	 * @param user       the user; null for none
	 * @param detail     what else there is to say, such as a close code
	 * @param bytes      the size of a message; 0 for other events
	 */
	record Event(long at, String kind, @Nullable String hub, @Nullable String connection, @Nullable String user, @Nullable String detail,
			int bytes) {
	}

	boolean areWatched() {
		return !watchers.isEmpty();
	}

	void tell(Event event) {
		for (Watcher watcher : watchers) {
			if (watcher.watches(event)) {
				watcher.offer(event);
			}
		}
	}

	/** False when there are too many. */
	boolean add(Watcher watcher) {
		lock.lock();
		try {
			if (watchers.size() >= MOST_WATCHERS) {
				return false;
			}
			List<Watcher> more = new ArrayList<>(watchers);
			more.add(watcher);
			watchers = List.copyOf(more);
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	void remove(Watcher watcher) {
		lock.lock();
		try {
			watchers = watchers.stream().filter(each -> each != watcher).toList();
		}
		finally {
			lock.unlock();
		}
	}
}
