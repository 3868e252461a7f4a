package dev.hawser.connection;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which connections are whose, hub by hub, so that counting those of one user takes the same time however many there are. Safe
 * for any thread.
 */
final class UserConnections {
	private final ConcurrentHashMap<Hub, ConcurrentHashMap<String, Set<WebSocketConnection>>> byHub = new ConcurrentHashMap<>();

	void add(String userId, WebSocketConnection connection) {
		ofHub(connection.hub()).compute(userId, (_, known) -> {
			Set<WebSocketConnection> all = known == null ? ConcurrentHashMap.newKeySet(1) : known;
			all.add(connection);
			return all;
		});
	}

	/** Forgets that the connection is the user's, if it is. */
	void remove(String userId, WebSocketConnection connection) {
		ofHub(connection.hub()).computeIfPresent(userId, (_, all) -> {
			all.remove(connection);
			return all.isEmpty() ? null : all;
		});
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
