package dev.hawser.connection.execution;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long the message callbacks of one hub take. While the record is good, they may be called on the threads of selectors. A record
 * becomes good by many short calls. It becomes bad when a call waits on a selector's thread, and then stays bad for a time that doubles
 * with each such call. Safe for any thread.
 */
public final class TrackRecord {
	/** A longer call gains little on a selector's thread, and holds other connections up. */
	static final long LONG_NANOS = 100_000;
	/** A longer call has probably waited. */
	static final long SLOW_NANOS = 1_000_000;
	/** Calls of a second that must be there for the second to be a good one. */
	static final int ENOUGH = 2_000;
	/** Good seconds, one after the other, that make a record good. */
	static final int GOOD_SECONDS = 5;
	/** One call in so many may be long, or slow, or be left behind without waiting: any thread loses its processor now and then. */
	static final int LONG_IN = 20;
	static final int SLOW_IN = 100;
	static final int REPLACED_IN = 10_000;
	/** So many calls of a second may be left behind without waiting. */
	static final int REPLACED = 2;
	/** A thread that has lost its processor comes back sooner. */
	static final long AWAY_NANOS = 20_000_000;
	static final long FIRST_PENALTY_NANOS = 10_000_000_000L;
	static final long LONGEST_PENALTY_NANOS = 600_000_000_000L;

	private final AtomicBoolean known = new AtomicBoolean();
	private final LongAdder calls = new LongAdder();
	private final LongAdder longCalls = new LongAdder();
	private final LongAdder slowCalls = new LongAdder();
	private final LongAdder replaced = new LongAdder();
	private volatile boolean good;
	// Guarded by this.
	private int goodSeconds;
	private long penalty;
	private long bad;

	/** Whether the callbacks may be called on the thread of a selector. */
	public boolean isGood() {
		return good;
	}

	/** So many calls have been or will be made. */
	public void calls(long count) {
		calls.add(count);
		if (!known.get() && known.compareAndSet(false, true)) {
			SelectorWatch.OF_THIS_PROCESS.add(this);
		}
	}

	/** A call took this long. */
	public void took(long nanos) {
		if (nanos > LONG_NANOS) {
			longCalls.increment();
			if (nanos > SLOW_NANOS) {
				slowCalls.increment();
			}
		}
	}

	/** A call has waited on a selector's thread. */
	synchronized void waited(long now) {
		goodSeconds = 0;
		if (!good) {
			return; // the callbacks of several selectors have waited at the same time
		}
		good = false;
		penalty = penalty == 0 || now - bad > penalty + LONGEST_PENALTY_NANOS ? FIRST_PENALTY_NANOS
				: Math.min(2 * penalty, LONGEST_PENALTY_NANOS);
		bad = now;
	}

	/** A call has taken too long for a selector's thread, but was not seen waiting. */
	void wasReplaced() {
		replaced.increment();
	}

	/** A call that was left behind is over; it took so much longer. */
	void cameBack(long nanos) {
		if (nanos > AWAY_NANOS) {
			waited(System.nanoTime());
		}
	}

	/** Called every second. */
	synchronized void judge(long now) {
		long count = calls.sumThenReset();
		long slow = slowCalls.sumThenReset();
		long longer = longCalls.sumThenReset();
		long away = replaced.sumThenReset();
		if (away > REPLACED && away * REPLACED_IN > count) {
			waited(now);
		}
		else if (slow * SLOW_IN > count || longer * LONG_IN > count) {
			good = false;
			goodSeconds = 0;
		}
		else if (count >= ENOUGH) {
			goodSeconds++;
			good |= goodSeconds >= GOOD_SECONDS && (penalty == 0 || now - bad >= penalty);
		}
	}
}
