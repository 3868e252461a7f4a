package dev.hawser.push;

/** Divides work on many connections into turns: after each turn others may run, so that a large hub does not stop them. */
final class Turns {
	/** Connections in a turn. */
	static final int LENGTH = 64;

	private final Runnable end;

	/** @param end called at the end of each turn, by the thread that does the work */
	Turns(Runnable end) {
		this.end = end;
	}

	/** Turns after which a virtual thread lets others have its processor. The operating system divides the time of other threads. */
	static Turns ofVirtualThreads() {
		return new Turns(Turns::letOthersRun);
	}

	/** Only fairness depends on the scheduler here. */
	@SuppressWarnings("ThreadPriorityCheck")
	private static void letOthersRun() {
		if (Thread.currentThread().isVirtual()) {
			Thread.yield();
		}
	}

	/** The work on one more connection is done; with it on so many. */
	void after(long connections) {
		if (connections % LENGTH == 0) {
			end.run();
		}
	}
}
