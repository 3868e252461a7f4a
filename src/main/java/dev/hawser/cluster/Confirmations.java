package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Those who wait until Redis knows a change of a place: for the next write, or for the one that is under way, which has their change
 * already. Used by the thread of the cluster.
 */
final class Confirmations {
	private final Map<Place, List<Runnable>> next = new HashMap<>();
	private final Map<Place, List<Runnable>> underWay = new HashMap<>();

	/** @param then run when the next write of the place has ended */
	void ofNextWrite(Place place, Runnable then) {
		next.computeIfAbsent(place, _ -> new ArrayList<>(1)).add(then);
	}

	/** @param then run when the write that is under way has ended */
	void ofThisWrite(Place place, Runnable then) {
		underWay.computeIfAbsent(place, _ -> new ArrayList<>(1)).add(then);
	}

	/** A write begins, which has all changes of the place so far. */
	void began(Place place) {
		List<Runnable> some = next.remove(place);
		if (some != null) {
			underWay.computeIfAbsent(place, _ -> new ArrayList<>(some.size())).addAll(some);
		}
	}

	/** Redis knows what was written. */
	void wrote(Place place) {
		List<Runnable> some = underWay.remove(place);
		if (some != null) {
			some.forEach(Runnable::run);
		}
	}

	/** It is to be written again. */
	void failed(Place place) {
		List<Runnable> some = underWay.remove(place);
		if (some != null) {
			next.computeIfAbsent(place, _ -> new ArrayList<>(some.size())).addAll(some);
		}
	}

	/** Redis does not answer: nothing is waited for. */
	void giveUp() {
		List.of(next, underWay).forEach(waiting -> {
			List<List<Runnable>> all = List.copyOf(waiting.values());
			waiting.clear();
			all.forEach(some -> some.forEach(Runnable::run));
		});
	}
}
