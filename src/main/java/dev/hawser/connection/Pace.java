package dev.hawser.connection;

import dev.hawser.connection.limit.MemoryBudget;

/** How fast long messages are read while memory is short. */
final class Pace {
	/** Memory of an unfinished message, its inflater included, up to which it is read at full speed, however short memory is. */
	static final int SHORT_MESSAGE = 128 * 1024;
	private static final long WHILE_TIGHT_MILLIS = 100;
	private static final long WHILE_SPENT_MILLIS = 2_000;

	private Pace() {
	}

	/**
	 * How many milliseconds a client must wait after a read; 0 for not at all. Every wait ends, so that each message can be finished
	 * unless its connection is ended for having most.
	 *
	 * @param unfinished memory of the message that has not ended yet
	 */
	static long waitAfter(int unfinished, MemoryBudget.Account account) {
		if (unfinished <= SHORT_MESSAGE || !account.isTight()) {
			return 0;
		}
		return account.isSpent() ? WHILE_SPENT_MILLIS : WHILE_TIGHT_MILLIS;
	}
}
