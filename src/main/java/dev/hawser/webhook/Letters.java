package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetters.Numbered;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events that could not be delivered, until an operator sends them again or discards them. Safe for any thread. */
interface Letters extends AutoCloseable {

	/** Keeps letters. Blocks until they are durable, or cannot be made so. */
	void add(List<DeadLetter> fresh) throws InterruptedException;

	/** Whether it was there. The letter is gone for good. */
	boolean remove(long id);

	/**
	 * Removes letters, and returns how many.
	 *
	 * @param hub of this hub only; null for all
	 */
	int discard(@Nullable String hub);

	/** No letter has a higher id now. */
	long highest();

	/** A further attempt to deliver a letter has failed. */
	void tried(long id, String result);

	/** The letter with this id; null when it is not there. */
	@Nullable
	Numbered get(long id);

	/**
	 * The oldest letters after one of them.
	 *
	 * @param hub   of this hub only; null for all
	 * @param after begins after the letter with this id
	 * @param most  most letters
	 */
	List<Numbered> list(@Nullable String hub, long after, int most);

	/** Number of letters of a hub, a few seconds ago. */
	int count(String hub);

	/** Number of letters by hub, for hubs that have some. */
	Map<String, Integer> counts();

	/** Bytes of all letters. */
	long bytes();

	/** Whether they outlive this process. */
	boolean isDurable();

	/** Says in the log what has come since the last time. Called once a second. */
	void log();

	@Override
	void close();
}
