package dev.hawser.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections places are going to have that are not open yet. Safe for any thread. */
final class PlaceCounts {
	private final Map<Place, Integer> counts = new ConcurrentHashMap<>();

	void add(Place place) {
		counts.merge(place, 1, Integer::sum);
	}

	void remove(Place place) {
		counts.computeIfPresent(place, (_, count) -> count == 1 ? null : count - 1);
	}

	int of(Place place) {
		return counts.getOrDefault(place, 0);
	}

	boolean has(Place place) {
		return counts.containsKey(place);
	}

	/** Those that have any. */
	Set<Place> places() {
		return counts.keySet();
	}
}
