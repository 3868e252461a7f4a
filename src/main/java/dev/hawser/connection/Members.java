package dev.hawser.connection;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which connections belong to whom, hub by hub: to a user, or to a group. A user or group is there as long as it has a connection,
 * and finding or counting those of one takes the same time however many others there are. Safe for any thread.
 */
final class Members {
	/** An only connection, as most users have, stands in an immutable set, which is small; more in a concurrent one. */
	private final ConcurrentHashMap<Hub, ConcurrentHashMap<String, Set<WebSocketConnection>>> byHub = new ConcurrentHashMap<>();

	void add(String name, WebSocketConnection connection) {
		ofHub(connection.hub()).compute(name, (_, known) -> with(known, connection));
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

	/** Forgets that the connection belongs there, if it does. */
	void remove(String name, WebSocketConnection connection) {
		ofHub(connection.hub()).computeIfPresent(name, (_, known) -> without(known, connection));
	}

	private static @Nullable Set<WebSocketConnection> without(Set<WebSocketConnection> known, WebSocketConnection connection) {
		if (known.size() == 1) {
			return known.contains(connection) ? null : known;
		}
		known.remove(connection);
		return known.size() == 1 ? Set.copyOf(known) : known;
	}

	/** How many there are at a hub. */
	int count(Hub hub, String name) {
		return ofHub(hub).getOrDefault(name, Set.of()).size();
	}

	/** Those at all hubs, in no order. */
	List<WebSocketConnection> of(String name) {
		return byHub.values().stream().flatMap(names -> names.getOrDefault(name, Set.of()).stream()).toList();
	}

	/** Those at the hub of this name, in no order; none for one that there is not. */
	List<WebSocketConnection> of(String hub, String name) {
		return byHub.entrySet().stream().filter(entry -> entry.getKey().name().equals(hub))
				.flatMap(entry -> entry.getValue().getOrDefault(name, Set.of()).stream()).toList();
	}

	private ConcurrentHashMap<String, Set<WebSocketConnection>> ofHub(Hub hub) {
		return byHub.computeIfAbsent(hub, _ -> new ConcurrentHashMap<>());
	}
}
