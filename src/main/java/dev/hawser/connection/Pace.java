package dev.hawser.connection;

import org.jspecify.annotations.Nullable;

/** Whether a client sends faster than its hub allows, and whether it is therefore not read for a while. */
final class Pace {
	private @Nullable Rate rate;
	private volatile boolean resting;

	/**
	 * Counts what has come. Called by the reading thread.
	 *
	 * @return for how many nanoseconds the client is ahead of its time; 0 when it is not
	 */
	long ahead(LimitSettings limits, long messages, long bytes) {
		if (!limits.limitsTraffic()) {
			return 0;
		}
		if (rate == null || !rate.isOf(limits)) {
			rate = new Rate(limits);
		}
		return rate.take(messages, bytes);
	}

	/** Reading pauses. */
	void rest() {
		resting = true;
	}

	boolean isResting() {
		return resting;
	}

	/** Reading may go on; false when it was not paused. */
	boolean endRest() {
		boolean was = resting;
		resting = false;
		return was;
	}
}
