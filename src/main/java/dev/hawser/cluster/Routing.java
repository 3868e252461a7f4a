package dev.hawser.cluster;

import dev.hawser.api.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

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

	/** What Redis says of places. */
	record Known(Map<Place, Map<String, String>> nodes) {
	}

	/** Asks Redis for all places at once that these targets are in. */
	CompletionStage<Known> look(Collection<Target> targets) {
		Map<Place, Map<String, String>> known = new HashMap<>();
		Set<Place> asked = new LinkedHashSet<>();
		targets.forEach(target -> asked.addAll(places(target)));
		if (asked.isEmpty()) {
			return CompletableFuture.completedStage(new Known(known));
		}
		CompletableFuture<?>[] answers = asked.stream().map(place -> redis.nodesAt(place).thenAccept(found -> {
			synchronized (known) {
				known.put(place, found);
			}
		}).toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
		return CompletableFuture.allOf(answers).thenApply(_ -> new Known(known));
	}

	private List<Place> places(Target target) {
		return switch (target) {
			case Target.Connection _,Target.Hub _ -> List.of();
			case Target.Group group -> List.of(new Place(Place.Kind.GROUP, group.hub(), group.name()));
			case Target.User user -> {
				String hub = user.hub();
				yield (hub == null ? hubs.get() : List.of(hub)).stream().map(each -> new Place(Place.Kind.USER, each, user.userId()))
						.toList();
			}
		};
	}

	/** The other nodes that a target is on, as far as they live. */
	Set<String> nodesOf(Target target, Known known) {
		Set<String> found = new TreeSet<>();
		switch (target) {
			case Target.Connection one -> {
				String id = one.connectionId();
				String node = id.substring(0, Math.max(0, id.lastIndexOf('-')));
				if (nodes.isLive(node)) {
					found.add(node);
				}
			}
			case Target.Hub _ -> found.addAll(nodes.live());
			case Target.Group _,Target.User _ ->
				places(target).forEach(place -> found.addAll(known.nodes.getOrDefault(place, Map.of()).keySet()));
		}
		found.remove(nodes.self());
		found.removeIf(nodes::isDead);
		return found;
	}
}
