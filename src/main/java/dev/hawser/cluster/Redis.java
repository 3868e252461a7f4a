package dev.hawser.cluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol needs of Redis, and nothing else, so that tests can play it. No method waits. A stage fails with {@link
 * RedisAwayException} when the command was not sent, with {@link RedisRefusedException} when Redis has refused to carry it out, and with
 * anything else when it is not known whether it was carried out.
 */
interface Redis {

	/** Whether commands would be sent now. */
	boolean isUp();

	/** Gives up the connection, which does not answer, and makes another. */
	void reconnect();

	/**
	 * Writes the record of the node, unless the node is dead or has written a later one, and reads all records.
	 *
	 * @param confirmed the counter of the last record that Redis has confirmed to the node; 0 for none
	 * @param epoch     of Redis, if it has none yet, or has lost what it has confirmed: the next that beats sees that, too. New each time
	 */
	CompletionStage<Beat> beat(String node, String record, long confirmed, String epoch);

	/**
	 * @param before the node's record before; null for none
	 * @param table  all records by node, that of the node included
	 */
	record Beat(@Nullable String before, String epoch, Map<String, String> table) {
	}

	/** Puts a tombstone in place of a node's record, if the record is still the one seen. */
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

	/** The nodes with connections of the place, each with what it has written. */
	CompletionStage<Map<String, String>> nodesAt(Place place);

	/** @param value null when the node has no connections of the place any more */
	CompletionStage<Long> put(Place place, String node, @Nullable String value);

	/** Removes what only this node has written for itself: its inbox. */
	CompletionStage<Long> forget(String node);
}
