package dev.hawser.cluster;

import org.jspecify.annotations.Nullable;

/** What Redis has confirmed to this node by its beats, which shows whether Redis has lost it since. Changed by the thread of the cluster. */
final class Confirmed {
	private volatile String epoch = "";
	private volatile long counter;

	/** What an answer of Redis shows. */
	enum Loss {
		NONE,
		/** Redis is another process than before, which may lack the last changes. */
		POSSIBLE,
		/** Redis lacks what it held, or its last changes. */
		CERTAIN
	}

	/**
	 * Takes the answer to a beat over.
	 *
	 * @param sent the counter of that beat
	 */
	Loss take(Redis.Beat answer, long sent) {
		boolean another = isOfAnother(answer);
		boolean lost = isRolledBack(answer.before()) || (another && !answer.epoch().endsWith(Redis.RENEWED));
		epoch = answer.epoch();
		counter = sent;
		return lost ? Loss.CERTAIN : another ? Loss.POSSIBLE : Loss.NONE;
	}

	/** Whether Redis has lost what it held, or its last changes, since it confirmed something. */
	boolean isOfAnother(Redis.Beat answer) {
		return !epoch.isEmpty() && !epoch.equals(answer.epoch());
	}

	/** Whether Redis has lost nothing, and does not know this node: it was buried, and its tombstone is gone. */
	boolean isForgotten(Redis.Beat answer) {
		return counter > 0 && answer.before() == null && answer.epoch().equals(epoch);
	}

	/** Redis does not know what it has confirmed. */
	private boolean isRolledBack(@Nullable String before) {
		NodeRecord known = before == null ? null : NodeRecord.of(before);
		return counter > 0 && (known == null || known.counter() < counter);
	}

	/** This node has another name, of which Redis has confirmed nothing. */
	void beginAnew(String now) {
		epoch = now;
		counter = 0;
	}

	/** Of the last beat under the name that this node has now; 0 for none. Any thread may call. */
	long counter() {
		return counter;
	}

	/** Of Redis at the last beat; empty before the first. Any thread may call. */
	String epoch() {
		return epoch;
	}
}
