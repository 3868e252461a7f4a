package dev.hawser.cluster;

import java.util.Set;

/** The nodes of the cluster, as this node knows them. Safe for any thread. */
interface Nodes {

	/** The name of this node: that of the process until it was buried, and a new one after that. */
	String self();

	/** The nodes that take part now, this one included. */
	Set<String> live();

	/** Whether the node takes part now. */
	default boolean isLive(String node) {
		return live().contains(node);
	}

	/**
	 * Whether the node has a record that this version cannot read, or that says that it writes what this one cannot read. It may well be
	 * alive: this node sends it nothing, and takes nothing of it over.
	 */
	default boolean isForeign(String node) {
		return false;
	}

	/**
	 * Whether all nodes know each other now: Redis has a record of this one under its name, and what this one knows of the others is a
	 * moment old.
	 */
	default boolean isCurrent() {
		return true;
	}

	/** Adds a listener, which is told of all that happens from then on. */
	void add(Listener listener);

	/** Told of changes, one at a time, on the thread of the cluster, which must not be blocked. */
	interface Listener {

		/** The node is dead: what it still says does not count. Told by each survivor, also by one that starts later. */
		default void buried(String node) {
		}

		/**
		 * The others have buried this node. Its connections are closed, and others say what happened to them.
		 *
		 * @param before the name that was buried
		 * @param now    the name from now on
		 */
		default void fenced(String before, String now) {
		}

		/** Redis does not answer any more. */
		default void away() {
		}

		/** Redis answers, for the first time or again. */
		default void back() {
		}

		/**
		 * Redis has lost what it held, or its last changes: everything has to be written again. Told after {@link #back}, and before {@link
		 * #fenced}.
		 */
		default void lostData() {
		}

		/** Redis is another process than before, and may lack its last changes. Told in place of {@link #lostData}. */
		default void mayHaveLostData() {
			lostData();
		}
	}
}
