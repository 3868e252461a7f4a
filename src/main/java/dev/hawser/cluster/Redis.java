package dev.hawser.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol needs of Redis, and nothing else, so that tests can play it. No method waits. A stage fails with {@link
 * RedisAwayException} when the command was not sent, with {@link RedisRefusedException} when Redis has refused to carry it out, and with
 * anything else when it is not known whether it was carried out.
 */
interface Redis {

	/** An {@link Beat#epoch} that ends so began because a process of Redis is another than before, which may lack the last changes. */
	String RENEWED = "~";

	/** Whether commands would be sent now. */
	boolean isUp();

	/** Changes whenever another connection is made: what leads to another Redis may lead to one that lacks the last changes. */
	default long generation() {
		return 0;
	}

	/** Gives up the connection, which does not answer, and makes another. */
	void reconnect();

	/**
	 * Writes the record of the node, unless the node is dead or has written a later one, and reads all records. A node whose record is gone
	 * although Redis is the same as before was buried long ago; it is not written either.
	 *
	 * @param confirmed the counter of the last record that Redis has confirmed to the node; 0 for none
	 * @param known     the epoch of the last answer; empty for none
	 * @param epoch     of Redis, if it has none yet, or has lost what it has confirmed: the next that beats sees that, too. New each time
	 */
	CompletionStage<Beat> beat(String node, String record, long confirmed, String known, String epoch);

	/**
	 * @param before the node's record before; null for none
	 * @param table  all records by node, that of the node included
	 */
	record Beat(@Nullable String before, String epoch, Map<String, String> table) {
	}

	/**
	 * Puts a tombstone in place of a node's record, if the record is still the one seen.
	 *
	 * @param seen empty for a node that has no record
	 */
	CompletionStage<Boolean> bury(String node, String seen, String tombstone);

	/** Removes the record of a node, if it is still the one seen. */
	CompletionStage<Boolean> remove(String node, String seen);

	/** Adds a batch to the inbox of a node. False when the inbox has as much as it may. */
	CompletionStage<Boolean> append(String node, byte[] batch);

	/** The next entries of an inbox after the one with this id; completes after some time with none if there are none. */
	CompletionStage<List<Entry>> read(String node, String after);

	/** @param batch null for an entry of another writer */
	record Entry(String id, byte @Nullable [] batch) {
	}

	/**
	 * Removes the entries of an inbox before this id.
	 *
	 * @param bytes that they have
	 */
	CompletionStage<Long> trim(String node, String before, long bytes);

	/** What {@link Beat#epoch} says now; empty when Redis has lost it. */
	CompletionStage<String> epoch();

	/** The nodes with connections of each place. Never fails: a place that Redis does not let this node read is left out. */
	CompletionStage<Map<Place, List<String>>> nodesAt(Collection<Place> places);

	/**
	 * Writes that the node has these connections of a place and some more, as far as the number on all nodes then stays within a limit.
	 *
	 * @param own     the connections that the node has
	 * @param more    those that it wants to have
	 * @param ignored nodes whose connections do not count
	 */
	CompletionStage<Entered> enter(Place place, String node, int own, int more, int limit, Collection<String> ignored);

	/**
	 * @param granted how many more the node has now
	 * @param others  all other nodes with connections of the place
	 */
	record Entered(int granted, Set<String> others) {
	}

	/** @param value null when the node has no connections of the place any more */
	CompletionStage<Long> put(Place place, String node, @Nullable String value);

	/**
	 * Some keys of places, such as users.
	 *
	 * @param after {@link Keys#next} of the page before; null for the first
	 */
	CompletionStage<Keys> places(@Nullable Object after);

	/** @param next null when this is the last page */
	record Keys(List<String> keys, @Nullable Object next) {
	}

	/** Removes nodes from the places with these keys. */
	CompletionStage<?> drop(Collection<String> keys, Collection<String> nodes);

	/** Removes what only this node has written for itself: its inbox. */
	CompletionStage<Long> forget(String node);
}
