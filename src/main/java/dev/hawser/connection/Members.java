package dev.hawser.connection;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which connections are whose, hub by hub, so that counting those of one user takes the same time however many there are. Safe
 * for any thread.
 */
final class Members {
	/** A user's only connection, as most users have, stands in an immutable set, which is small; more in a concurrent one. */
	private final ConcurrentHashMap<Hub, ConcurrentHashMap<String, Set<WebSocketConnection>>> byHub = new ConcurrentHashMap<>();

	void add(String userId, WebSocketConnection connection) {
		ofHub(connection.hub()).compute(userId, (_, known) -> with(known, connection));
	}

	private static Set<WebSocketConnection> with(@Nullable Set<WebSocketConnection> known, WebSocketConnection connection) {
		if (known == null) {
			return Set.of(connection);
		}
		Set<WebSocketConnection> all = known;
		if (known.size() == 1) {
			all = ConcurrentHashMap.newKeySet(2);
			all.addAll(known);
		}
		all.add(connection);
		return all;
	}

	/** Forgets that the connection is the user's, if it is. */
	void remove(String userId, WebSocketConnection connection) {
		ofHub(connection.hub()).computeIfPresent(userId, (_, known) -> without(known, connection));
	}

	private static @Nullable Set<WebSocketConnection> without(Set<WebSocketConnection> known, WebSocketConnection connection) {
		if (known.size() == 1) {
			return known.contains(connection) ? null : known;
		}
		known.remove(connection);
		return known.size() == 1 ? Set.copyOf(known) : known;
	}

	/** How many a user has at a hub. */
	int count(Hub hub, String userId) {
		return ofHub(hub).getOrDefault(userId, Set.of()).size();
	}

	/** Those of a user at all hubs, in no order. */
	List<WebSocketConnection> of(String userId) {
		return byHub.values().stream().flatMap(users -> users.getOrDefault(userId, Set.of()).stream()).toList();
	}

	private ConcurrentHashMap<String, Set<WebSocketConnection>> ofHub(Hub hub) {
		return byHub.computeIfAbsent(hub, _ -> new ConcurrentHashMap<>());
	}
}
