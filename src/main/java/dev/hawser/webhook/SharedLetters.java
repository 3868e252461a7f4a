package dev.hawser.webhook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Dead letters of all nodes, in one place. Any thread may call, and no method waits. A stage fails when the place cannot be reached, or
 * it is not known what was done.
 */
public interface SharedLetters {

	/**
	 * A letter that is to be kept.
	 *
	 * @param name  no two letters have the same
	 * @param hub   of its event
	 * @param since when it was given up, in microseconds since 1970
	 */
	record Fresh(String name, String hub, long since, byte[] letter) {
	}

	/** A letter with its id: later letters have higher ones. */
	record Known(long id, byte[] letter) {
	}

	/**
	 * How many letters there are.
	 *
	 * @param bytes   of all letters
	 * @param highest no letter has a higher id
	 */
	record Sums(Map<String, Integer> byHub, long bytes, long highest) {
	}

	/**
	 * Keeps letters, but those that are there already. The oldest make room for them.
	 *
	 * @param largest most bytes of all letters
	 * @return the hub of each letter that has made room
	 */
	CompletionStage<List<String>> add(List<Fresh> letters, long largest);

	/** Removes a letter. False when it is not there. */
	CompletionStage<Boolean> remove(long id);

	/** Replaces a letter, if it is still as it was. */
	CompletionStage<?> replace(long id, byte[] before, byte[] letter);

	/** The letter with this id. */
	CompletionStage<Optional<byte[]>> get(long id);

	/** The oldest letters after one of them. */
	CompletionStage<List<Known>> list(long after, int most);

	CompletionStage<Sums> sums();
}
