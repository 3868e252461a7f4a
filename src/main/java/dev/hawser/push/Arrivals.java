package dev.hawser.push;

import dev.hawser.connection.WebSocketConnection;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** The last connections that have come to this node from others. Keeps none in memory that is used nowhere else. Safe for any thread. */
final class Arrivals {
	private static final int MOST = 50_000;

	/** By the number of all that had come then. */
	private final NavigableMap<Long, WeakReference<WebSocketConnection>> last = new TreeMap<>();
	private long count;

	synchronized void add(WebSocketConnection connection) {
		last.put(++count, new WeakReference<>(connection));
		if (last.size() > MOST) {
			last.pollFirstEntry();
		}
	}

	/** How many there have been. */
	synchronized long count() {
		return count;
	}

	/** Those that have come after so many. */
	synchronized List<WebSocketConnection> after(long number) {
		return last.tailMap(number, false).values().stream().map(WeakReference::get).filter(Objects::nonNull).toList();
	}
}
