package dev.hawser.push;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps what became of requests that callers may repeat, where all nodes find it. Without a bean of this type each node knows its own
 * only. Any thread may call, and no method waits. A stage fails when the entries cannot be reached, or it is not known what was done.
 */
public interface SharedAnswers {

	/**
	 * Writes an entry, unless there is one of this name.
	 *
	 * @param time after which the entry is gone
	 * @return the entry that was there before
	 */
	CompletionStage<Optional<byte[]>> begin(String name, byte[] entry, Duration time);

	/** Replaces an entry, if it is still the one that was written. */
	CompletionStage<?> replace(String name, byte[] entry, byte[] by, Duration time);

	/** Removes an entry, if it is still the one that was written. */
	CompletionStage<?> remove(String name, byte[] entry);
}
