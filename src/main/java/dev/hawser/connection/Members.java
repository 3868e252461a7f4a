package dev.hawser.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of each user, or of each group, by hub. A user or group exists as long as it has a connection. Finding or
 * counting the connections of one takes the same time however many others there are. Safe for any thread.
 */
final class Members {
	/** A single connection, as most users have, is in an immutable set, which is small; several are in a concurrent one. */
	private final ConcurrentHashMap<Hub, ConcurrentHashMap<String, Set<WebSocketConnection>>> byHub = new ConcurrentHashMap<>();

	private volatile @Nullable BiConsumer<String, String> listener;

	/** Tells the listener the hub and the name whose number of connections has changed. */
	void tell(BiConsumer<String, String> changed) {
		listener = changed;
	}

	/** Tells the hub and the name of all that have connections. */
	void each(BiConsumer<String, String> known) {
		byHub.forEach((hub, names) -> names.keySet().forEach(name -> known.accept(hub.name(), name)));
	}

	/** @param name null adds the connection nowhere */
	void add(@Nullable String name, WebSocketConnection connection) {
		if (name == null) {
			return;
		}
		ofHub(connection.hub()).compute(name, (_, known) -> with(known, connection));
		changed(name, connection);
	}

	private void changed(String name, WebSocketConnection connection) {
		BiConsumer<String, String> told = listener;
		if (told != null) {
			told.accept(connection.hub().name(), name);
		}
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

	/** Removes the connection, if it is there; with no name it is nowhere. */
	void remove(@Nullable String name, WebSocketConnection connection) {
		if (name == null) {
			return;
		}
		ofHub(connection.hub()).computeIfPresent(name, (_, known) -> without(known, connection));
		changed(name, connection);
	}

	private static @Nullable Set<WebSocketConnection> without(Set<WebSocketConnection> known, WebSocketConnection connection) {
		if (known.size() == 1) {
			return known.contains(connection) ? null : known;
		}
		known.remove(connection);
		return known.size() == 1 ? Set.copyOf(known) : known;
	}

	/** The number of connections at a hub. */
	int count(Hub hub, String name) {
		return ofHub(hub).getOrDefault(name, Set.of()).size();
	}

	/** The connections at all hubs, in no order. */
	List<WebSocketConnection> of(String name) {
		return byHub.values().stream().flatMap(names -> names.getOrDefault(name, Set.of()).stream()).toList();
	}

	/** The connections at the hub of this name, in no order; empty for an unknown hub. */
	List<WebSocketConnection> of(String hub, String name) {
		List<WebSocketConnection> found = new ArrayList<>(1);
		byHub.forEach((known, names) -> {
			if (known.name().equals(hub)) {
				found.addAll(names.getOrDefault(name, Set.of()));
			}
		});
		return found;
	}

	private ConcurrentHashMap<String, Set<WebSocketConnection>> ofHub(Hub hub) {
		return byHub.computeIfAbsent(hub, _ -> new ConcurrentHashMap<>());
	}
}
