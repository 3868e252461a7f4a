package dev.hawser.cluster;

import dev.hawser.cluster.OwedRedis.Page;
import org.jspecify.annotations.Nullable;

/**
 * What a dead node owes to backends, as one of the others sees it:
 *
 * <pre>
 *  unknown ──ask──▶ mine ──all pages read, all delivered──▶ finished
 *     │  ▲            └──another is the heir──▶ another's
 *     └──┴──another is the heir──▶ another's ──that one is dead, too──▶ ask
 * </pre>
 *
 * Used under its store's lock.
 */
final class Estate {
	/** The node that is dead. */
	final String of;
	/** The records that this node has taken over; null unless it is the heir. */
	@Nullable
	OwedRecords records;
	/** The heir as last known; empty for none. */
	String heir = "";
	/** Where the next page begins; null when there is none. */
	@Nullable
	String cursor;
	/** A page whose records are still to be taken over. */
	@Nullable
	Page page;
	/** Whether Redis is asked something about it. */
	boolean asking;
	/** For how many ticks the heir has not been there. */
	int alone;

	Estate(String of) {
		this.of = of;
	}

	boolean isMine() {
		return records != null;
	}

	/** This node is the heir. */
	void becomeMine(String self) {
		heir = self;
		records = new OwedRecords(of, self);
		cursor = "0";
		page = null;
	}

	/** Another node is the heir: it tells of these connections, and this node does not. */
	void becomeOthers(String other) {
		heir = other;
		if (records != null) {
			records.close();
			records.all().forEach(OwedRecord::handOver);
		}
		records = null;
		page = null;
	}

	/** Whether all of it has been taken over and delivered. */
	boolean isDone() {
		return records != null && records.isEmpty() && cursor == null && page == null;
	}
}
