package dev.hawser.cluster;

import dev.hawser.api.Target;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds the other nodes with connections of targets. Safe for any thread. */
final class Routing {
	private final Redis redis;
	private final ClusterNodes nodes;
	private final Supplier<Collection<String>> hubs;

	/** @param hubs the names of all hubs */
	Routing(Redis redis, ClusterNodes nodes, Supplier<Collection<String>> hubs) {
		this.redis = redis;
		this.nodes = nodes;
		this.hubs = hubs;
	}

	/** What Redis says of places; nothing of those that it does not let this node read. */
	final class Known {
		private final Map<Place, List<String>> nodes;

		Known(Map<Place, List<String>> nodes) {
			this.nodes = nodes;
		}

		/** Whether it is not known where all connections of the target are. */
		boolean lacks(Target target) {
			return places(target).stream().anyMatch(place -> !nodes.containsKey(place));
		}
	}

	/**
	 * Asks Redis for all places at once that these targets are in. The stage never fails. When Redis has lost its data since the last beat
	 * nothing is known: what it does not name may be there all the same.
	 */
	CompletionStage<Known> look(Collection<Target> targets) {
		Set<Place> asked = new LinkedHashSet<>();
		targets.forEach(target -> asked.addAll(places(target)));
		if (asked.isEmpty()) {
			return CompletableFuture.completedStage(new Known(Map.of()));
		}
		CompletionStage<Map<Place, List<String>>> found = redis.nodesAt(asked);
		CompletionStage<String> epoch = redis.epoch().exceptionally(_ -> ""); // after the places: from a Redis that still had them
		return found.thenCombine(epoch, (known, current) -> new Known(isOfNow(current) ? known : Map.of()));
	}

	private boolean isOfNow(String epoch) {
		boolean known = epoch.equals(nodes.confirmed().epoch());
		if (!known && !epoch.isEmpty()) {
			nodes.lookSoon();
		}
		return known && nodes.knowsRedis();
	}

	private List<Place> places(Target target) {
		return switch (target) {
			case Target.Connection one -> List.of(Place.ofConnection(one.connectionId()));
			case Target.Hub _ -> List.of();
			case Target.Group group -> List.of(new Place(Place.Kind.GROUP, group.hub(), group.name()));
			case Target.User user -> {
				String hub = user.hub();
				yield (hub == null ? hubs.get() : List.of(hub)).stream().map(each -> new Place(Place.Kind.USER, each, user.userId()))
						.toList();
			}
		};
	}

	private Set<String> at(Target target, Known known) {
		return places(target).stream().flatMap(place -> known.nodes.getOrDefault(place, List.of()).stream())
				.collect(Collectors.toSet());
	}

	/** The other nodes that a target is on, as far as they live. A connection that has moved may be on the node where it began, too. */
	Set<String> nodesOf(Target target, Known known) {
		Set<String> found = new TreeSet<>();
		switch (target) {
			case Target.Connection one -> {
				String id = one.connectionId();
				String node = id.substring(0, Math.max(0, id.lastIndexOf('-')));
				if (nodes.isLive(node) || nodes.isForeign(node)) {
					found.add(node);
				}
				found.addAll(at(target, known));
				found.addAll(nodes.unregistered());
			}
			case Target.Hub _ -> found.addAll(nodes.live());
			case Target.Group _,Target.User _ -> {
				found.addAll(at(target, known));
				found.addAll(nodes.unregistered());
			}
		}
		found.remove(nodes.self());
		found.removeIf(node -> nodes.isDead(node) || nodes.table().hasLeft(node));
		return found;
	}
}
