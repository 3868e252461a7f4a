package dev.hawser.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Knows which node has beaten when, and notes who is buried that must not be. */
final class SimulatedBurials {
	/** One whose beats have a longer gap than this cannot know what the others have done meanwhile. */
	private static final long GAP = 3 * BeatTimes.BEAT;

	private final SimulatedRedis redis;
	private final List<String> wrong;
	private final Map<String, Beats> beats = new HashMap<>();
	private final Map<String, Counter> counters = new HashMap<>();

	/** @param since when Redis had it for the first time */
	private record Counter(long value, long since) {
	}

	/**
	 * Those of a node without a longer gap.
	 *
	 * @param since when the first of them was
	 */
	private record Beats(long since, long last) {
		Beats and(long now) {
			return new Beats(now - last > GAP ? now : since, now);
		}
	}

	SimulatedBurials(SimulatedRedis redis, List<String> wrong) {
		this.redis = redis;
		this.wrong = wrong;
	}

	/** Redis has carried out a beat. */
	void beaten(String node, long now) {
		beats.merge(node, new Beats(now, now), (known, _) -> known.and(now));
		NodeRecord record = NodeRecord.of(redis.nodes.getOrDefault(node, ""));
		if (record != null) {
			counters.merge(node, new Counter(record.counter(), now), (known, next) -> known.value == next.value ? known : next);
		}
	}

	/** Why a node should not ask Redis to bury another now; empty if it may. */
	String objection(String node, String by, long now) {
		Beats own = beats.getOrDefault(by, new Beats(now, now));
		long watched = now - own.last > GAP ? 0 : now - own.since;
		Counter counter = counters.get(node);
		long still = counter == null ? Burials.SILENCE : now - counter.since;
		return Math.min(watched, still) >= Burials.SILENCE ? "" : by + " buries " + node + ", whose counter has stood still for "
				+ still / SimulatedTime.MILLI + " ms, after it has watched for " + watched / SimulatedTime.MILLI + " ms";
	}

	/**
	 * Redis has a tombstone more. One that was buried before may be buried again at once.
	 *
	 * @param objection of the time when Redis was asked
	 */
	void buried(String node, String objection, long now) {
		redis.buriedAt.put(node, now);
		if (redis.burials.getOrDefault(node, 0) == 1 && !objection.isEmpty()) {
			wrong.add(objection);
		}
	}
}
