package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last beats have shown of the other nodes. Times are nanoseconds of this node's own clock, which is never set. Changed by
 * the thread of the cluster, and read by any.
 */
final class NodeTable {
	/** Names to remember; after so many, those that Redis still has by mistake are taken for new nodes again. */
	private static final int MOST_LEFT = 10_000;
	/** For how long a node has been silent that is buried at once. */
	private static final long LONG_AGO = Burials.SILENCE + 2 * Burials.TURN;

	private final Map<String, Seen> seen = new ConcurrentHashMap<>();
	private final Map<String, String> dead = new ConcurrentHashMap<>();
	/** The nodes that were ever dead: Redis may fall back to what it held before a burial, but nothing that they say counts any more. */
	private final Set<String> everDead = ConcurrentHashMap.newKeySet();
	private final Set<String> foreign = ConcurrentHashMap.newKeySet();
	/** Nodes that were there when Redis lost its data, and have not beaten since, with the time from which on they could have. */
	private final Map<String, Long> missing = new ConcurrentHashMap<>();
	/** Tombstones that Redis has lost. */
	private final Map<String, String> lostTombstones = new ConcurrentHashMap<>();
	private volatile Set<String> unregistered = Set.of();
	private final Set<String> left = ConcurrentHashMap.newKeySet();

	/**
	 * @param text  the record as it is
	 * @param since when the counter has changed, or when this node began to watch it
	 */
	record Seen(String text, NodeRecord record, long since) {
	}

	/** How a table is to be taken. */
	enum Watch {
		/** As the one after the last. */
		GOES_ON,
		/** This node has not looked for a while, and so must not accuse any other of having been still. */
		BEGINS_ANEW,
		/** Redis has lost its data: what is not there will be there soon. */
		AFTER_LOSS
	}

	/** What has changed with a table. */
	record Changes(Map<String, String> buried, List<String> gone) {
	}

	/**
	 * Takes a table over.
	 *
	 * @param epoch of Redis now
	 */
	Changes take(Map<String, String> table, long now, Watch watch, String epoch) {
		Map<String, String> buried = new HashMap<>();
		table.forEach((node, text) -> {
			NodeRecord record = NodeRecord.of(text);
			if (NodeRecord.isTombstone(text)) {
				seen.remove(node);
				foreign.remove(node);
				if (dead.put(node, text) == null) {
					buried.put(node, NodeRecord.burier(text));
					remember(everDead, List.of(node));
				}
			}
			else if (record == null || Math.abs(record.version() - Batch.VERSION) > 1) {
				seen.remove(node);
				foreign.add(node);
			}
			else {
				foreign.remove(node);
				left.remove(node);
				dead.remove(node);
				Seen before = seen.get(node);
				boolean still = before != null && before.record.counter() == record.counter() && watch == Watch.GOES_ON;
				long since = isDead(node) ? now - LONG_AGO : before != null && still ? before.since : now;
				seen.put(node, new Seen(text, record, since));
			}
		});
		List<String> gone = new ArrayList<>(seen.keySet());
		gone.removeAll(table.keySet());
		gone.forEach(seen::remove);
		missing.keySet().removeAll(table.keySet());
		if (watch != Watch.GOES_ON) {
			missing.replaceAll((_, _) -> now); // Redis may have been away for them, too
		}
		if (watch == Watch.AFTER_LOSS) {
			gone.forEach(node -> missing.put(node, now));
			lostTombstones.putAll(dead);
		}
		else {
			remember(left, gone);
		}
		lostTombstones.keySet().removeAll(table.keySet());
		dead.keySet().removeIf(node -> !table.containsKey(node) && !lostTombstones.containsKey(node));
		foreign.retainAll(table.keySet());
		unregistered = findUnregistered(epoch);
		return new Changes(buried, gone);
	}

	private static void remember(Set<String> names, List<String> more) {
		if (names.size() > MOST_LEFT) {
			names.clear();
		}
		names.addAll(more);
	}

	Map<String, Seen> seen() {
		return seen;
	}

	/**
	 * The nodes that were there when Redis lost its data, with the time since when they could have beaten again. They will soon if they live, and
	 * are buried otherwise: one that only stood still must not go on as if it had missed nothing.
	 */
	Map<String, Long> missing() {
		return missing;
	}

	/** The tombstones that were there when Redis lost its data: such a node must find out all the same that it was buried. */
	Map<String, String> lostTombstones() {
		return lostTombstones;
	}

	/** The nodes of whose users and groups Redis may not know. */
	Set<String> unregistered() {
		return unregistered;
	}

	private Set<String> findUnregistered(String epoch) {
		Set<String> found = new HashSet<>(missing.keySet());
		seen.forEach((node, known) -> {
			String registered = known.record.registered();
			if (registered != null && !registered.equals(epoch)) {
				found.add(node);
			}
		});
		return Set.copyOf(found);
	}

	/** Whether the node was there, and has left. What it has sent before counts. */
	boolean hasLeft(String node) {
		return left.contains(node);
	}

	/** Whether the node was buried. When it is there again after a loss of Redis, it is buried again. */
	boolean isDead(String node) {
		return dead.containsKey(node) || everDead.contains(node);
	}

	/** The tombstones of the dead nodes. */
	Map<String, String> tombstones() {
		return dead;
	}

	/** The nodes whose version is too far from this one's, or whose record cannot be read. */
	Set<String> foreign() {
		return foreign;
	}

	/** Nothing is known any more. */
	void clear() {
		seen.clear();
		missing.clear();
		lostTombstones.clear();
		dead.clear();
		foreign.clear();
		left.clear();
	}
}
