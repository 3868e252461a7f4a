package dev.hawser.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What Redis does for the records of what is owed to backends. Each stage fails when Redis did not answer; whether it has done it is
 * then unknown, and it can be asked again. The stages may complete on threads that must not be blocked.
 */
interface OwedRedis {
	/**
	 * Writes a batch of a node's own records.
	 *
	 * @return the mark, when the node may not write them any more
	 */
	CompletionStage<Optional<OwedMark>> keep(String home, OwedBatch batch);

	/**
	 * Writes a batch of a dead node's records.
	 *
	 * @param heir the writing node
	 * @return the mark, when another node is the heir
	 */
	CompletionStage<Optional<OwedMark>> keepAsHeir(String home, String heir, OwedBatch batch);

	/** Ends a node's right to write its records, if it has not ended before. */
	CompletionStage<OwedMark> seal(String home);

	/**
	 * Makes a node the heir of a dead one, unless another is.
	 *
	 * @param heir   the node that wants to be it
	 * @param before the heir that is dead, too; empty for none
	 * @return the mark, with the heir there is now
	 */
	CompletionStage<OwedMark> inherit(String home, String heir, String before);

	/**
	 * Some of a node's records.
	 *
	 * @param next    cursor of the next page; {@code 0} when this one is the last
	 * @param records contents by name
	 */
	record Page(String next, Map<String, byte[]> records) {
	}

	/** A page of a node's records; a record may come twice. */
	CompletionStage<Page> page(String home, String cursor);

	/** Removes a hash in which there is no record. True when there was none. */
	CompletionStage<Boolean> finish(String home);

	/**
	 * Takes a record that an earlier process has in its local store, if no heir has it.
	 *
	 * @param home       hash of that process
	 * @param firstBatch as of {@link OwedRecord}
	 * @return whether it belongs to the caller now
	 */
	CompletionStage<Boolean> claim(String home, String name, long firstBatch);

	/** Nodes that may have records, dead ones too. */
	CompletionStage<Set<String>> homes();

	/** From now on {@link #homes} has this node. */
	CompletionStage<?> announce(String home);
}
