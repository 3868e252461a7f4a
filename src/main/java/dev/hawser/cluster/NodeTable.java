package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last beats have shown of the other nodes. Times are nanoseconds of this node's own clock, which goes on evenly. Changed by
 * the thread of the cluster, and read by any.
 */
final class NodeTable {
	private final Map<String, Seen> seen = new ConcurrentHashMap<>();
	private final Set<String> dead = ConcurrentHashMap.newKeySet();
	private final Set<String> foreign = ConcurrentHashMap.newKeySet();

	/**
	 * @param text  the record as it is
	 * @param since when the counter has changed, or when this node began to watch it
	 */
	record Seen(String text, NodeRecord record, long since) {
	}

	/** What has changed with a table. */
	record Changes(Map<String, String> buried, List<String> gone) {
	}

	/**
	 * Takes a table over.
	 *
	 * @param watchAnew whether this node has not looked for a while, and so must not accuse any other of having been still
	 */
	Changes take(Map<String, String> table, long now, boolean watchAnew) {
		Map<String, String> buried = new HashMap<>();
		table.forEach((node, text) -> {
			NodeRecord record = NodeRecord.of(text);
			if (NodeRecord.isTombstone(text)) {
				seen.remove(node);
				if (dead.add(node)) {
					buried.put(node, NodeRecord.burier(text));
				}
			}
			else if (record == null || Math.abs(record.version() - Batch.VERSION) > 1) {
				seen.remove(node);
				foreign.add(node);
			}
			else {
				Seen before = seen.get(node);
				long since = before != null && before.record.counter() == record.counter() && !watchAnew ? before.since : now;
				seen.put(node, new Seen(text, record, since));
			}
		});
		List<String> gone = new ArrayList<>(seen.keySet());
		gone.removeAll(table.keySet());
		gone.forEach(seen::remove);
		dead.retainAll(table.keySet());
		foreign.retainAll(table.keySet());
		return new Changes(buried, gone);
	}

	Map<String, Seen> seen() {
		return seen;
	}

	boolean isDead(String node) {
		return dead.contains(node);
	}

	/** The nodes whose version is too far from this one's, or whose record cannot be read. */
	Set<String> foreign() {
		return foreign;
	}

	/** Nothing is known any more. */
	void clear() {
		seen.clear();
		dead.clear();
		foreign.clear();
	}
}
