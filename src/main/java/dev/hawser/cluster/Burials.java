package dev.hawser.cluster;

import dev.hawser.cluster.NodeTable.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Buries nodes that are silent: one survivor begins, and the others follow if it does not. Used by the thread of the cluster. */
final class Burials {
	/** For how long a counter stands still before its node is buried. */
	static final long SILENCE = Duration.ofMillis(9_800).toNanos();
	/** How much longer the other survivors wait than the one whose turn it is. */
	static final long TURN = Duration.ofSeconds(2).toNanos();
	/** What is seen of a node whose record Redis has lost. */
	static final String NO_RECORD = "";

	private final Redis redis;
	private final Executor thread;
	private final NodeTable table;
	private final Supplier<Instant> time;
	private final Runnable lookSoon;
	private final ClusterMeters meters;
	private final Set<String> underWay = new HashSet<>();

	/**
	 * @param time     what is written on a tombstone
	 * @param lookSoon called when the table is another than this node knows
	 */
	Burials(Redis redis, Executor thread, NodeTable table, Supplier<Instant> time, Runnable lookSoon, ClusterMeters meters) {
		this.redis = redis;
		this.thread = thread;
		this.table = table;
		this.time = time;
		this.lookSoon = lookSoon;
		this.meters = meters;
	}

	/** The table has changed. */
	void retain(NodeTable now) {
		underWay.removeIf(node -> !now.seen().containsKey(node) && !now.missing().containsKey(node));
	}

	/** Buries the nodes that have been silent for long enough. Called often, while this node's own beats succeed. */
	void accuse(String self, long now) {
		for (Map.Entry<String, Seen> one : table.seen().entrySet()) {
			String node = one.getKey();
			long still = now - one.getValue().since();
			if (isSilent(self, node, still, now) && underWay.add(node)) {
				bury(self, node, one.getValue().text());
			}
		}
		for (Map.Entry<String, Long> one : table.missing().entrySet()) {
			if (isSilent(self, one.getKey(), now - one.getValue(), now) && underWay.add(one.getKey())) {
				bury(self, one.getKey(), NO_RECORD);
			}
		}
		table.lostTombstones().forEach(this::buryAgain);
	}

	private boolean isSilent(String self, String node, long still, long now) {
		return still > SILENCE && (still > SILENCE + TURN || isFirst(table, self, node, now));
	}

	/** Whether it is this node's turn to bury the other: one of those that are not silent themselves. */
	private static boolean isFirst(NodeTable table, String self, String node, long now) {
		List<String> survivors = new ArrayList<>(List.of(self));
		table.seen().forEach((other, known) -> {
			if (now - known.since() < 3 * BeatTimes.BEAT) {
				survivors.add(other);
			}
		});
		survivors.remove(node);
		return survivors.stream().min(Comparator.comparingInt(other -> (node + other).hashCode())).orElse(self).equals(self);
	}

	private void buryAgain(String node, String tombstone) {
		if (underWay.add(node)) {
			var _ = redis.bury(node, NO_RECORD, tombstone).whenCompleteAsync((_, _) -> underWay.remove(node), thread);
		}
	}

	private void bury(String self, String node, String asSeen) {
		var _ = redis.bury(node, asSeen, NodeRecord.tombstone(self, time.get().toString())).whenCompleteAsync((done, _) -> {
			if (Boolean.TRUE.equals(done)) {
				meters.buried();
				lookSoon.run();
				return;
			}
			underWay.remove(node);
			if (done != null) { // its record has changed, although not its counter: the next look is not just before its beat again
				lookSoon.run();
			}
		}, thread);
	}
}
