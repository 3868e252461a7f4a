package dev.hawser.log;

import java.util.concurrent.atomic.LongAdder;

/** Counts what all logs of this process have left out, since they could not be written. */
final class LeftOut {
	private static final LongAdder TOTAL = new LongAdder();

	private LeftOut() {
	}

	static void add() {
		TOTAL.increment();
	}

	static long total() {
		return TOTAL.sum();
	}
}
