package dev.hawser.connection.execution;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The thread that has a selector's rounds. It may call callbacks that could block, because {@link SelectorWatch} looks at it meanwhile: when
 * a callback takes too long, another thread becomes the leader, and this one ends these callbacks as an ordinary thread.
 */
public final class Leader {
	final Thread thread;
	/** Counts the beginnings and the ends of such callbacks: odd while they are called. Written by the thread. */
	private volatile long steps;
	private volatile @Nullable Calls calls;
	private @Nullable ClassLoader classLoader;
	/** The step in which another thread took over, and when. Written by the watch. */
	private volatile long leftInStep;
	private volatile long leftAt;
	/** How often the thread has asked while the watch slept, and since when. Used by the thread. */
	private int asked;
	private long askedSince;
	// What the watch has seen; used by the watch alone.
	private long seenSteps;
	private long seenMessages;
	private int looks;

	/** The callbacks for one read. */
	public interface Calls {
		/** Tells how long such callbacks take. */
		TrackRecord record();

		/** A number that grows with each callback. Any thread may ask. */
		long messages();

		/** Another thread has the selector now, and the leader has these callbacks only. Called by a thread of its own. */
		void leftBehind();
	}

	Leader(Thread thread) {
		this.thread = thread;
	}

	/**
	 * Runs the work, which makes these calls, on the calling thread and as one event of the sequence. Returns false, without having run
	 * it, where it must run on another thread: when the calling thread does not read for a selector, when no thread could take its place,
	 * when the watch sleeps, or when another event of the sequence is running or waiting.
	 */
	public static boolean runHere(CallbackSequence<?> sequence, Calls calls, Runnable work) {
		SelectorRound round = SelectorRound.ofThisThread();
		Leader leader = round == null ? null : round.leader();
		if (round == null || leader == null || leader.thread != Thread.currentThread() || !round.standIn().isReady()
				|| !leader.begin(calls)) {
			return false;
		}
		try {
			return sequence.runHere(work);
		}
		finally {
			leader.stop();
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, any may read
	private boolean begin(Calls next) {
		calls = next;
		steps++; // before the question: the watch reads this number after it has decided to sleep
		if (SelectorWatch.OF_THIS_PROCESS.isAwake()) {
			classLoader = thread.getContextClassLoader();
			return true;
		}
		steps++;
		calls = null;
		wakeTheWatchIfBusy();
		return false;
	}

	private void wakeTheWatchIfBusy() {
		asked++;
		if (asked == SelectorWatch.BUSY_READS) {
			long now = System.nanoTime();
			if (now - askedSince < SelectorWatch.BUSY_NANOS) {
				SelectorWatch.OF_THIS_PROCESS.wake();
			}
			asked = 0;
			askedSince = now;
		}
	}

	/**
	 * The callbacks are over. Takes back what they may have left on the thread, which then has other connections to read. Variables of the
	 * application that belong to threads cannot be taken back.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, any may read
	private void stop() {
		Calls over = calls;
		long step = steps;
		steps++;
		calls = null;
		MDC.clear();
		Thread.interrupted();
		if (thread.getContextClassLoader() != classLoader) {
			thread.setContextClassLoader(classLoader);
		}
		if (leftInStep == step && over != null) {
			over.record().cameBack(System.nanoTime() - leftAt);
		}
	}

	// For the watch.

	long steps() {
		return steps;
	}

	boolean isCalling() {
		return steps % 2 != 0;
	}

	/** Looks at the thread. Returns how many looks in a row have found it in the same callback as the look before. */
	int look() {
		long step = steps;
		Calls current = calls;
		long messages = current == null ? 0 : current.messages();
		boolean same = step % 2 != 0 && current != null && step == seenSteps && messages == seenMessages;
		seenSteps = step;
		seenMessages = messages;
		looks = same ? looks + 1 : 0;
		return looks;
	}

	/** The earlier looks do not count. */
	void forgetLooks() {
		look();
		looks = 0;
	}

	/** Whether another thread has taken over during the callbacks of the last look. */
	boolean isLeftBehind() {
		return leftInStep == seenSteps;
	}

	/** Leaves the thread alone with the callbacks of the last look. Returns them; null if they are over. */
	@Nullable
	Calls leaveBehind(long now) {
		Calls left = calls;
		if (left == null || steps != seenSteps) {
			return null;
		}
		leftAt = now;
		leftInStep = seenSteps;
		return left;
	}
}
