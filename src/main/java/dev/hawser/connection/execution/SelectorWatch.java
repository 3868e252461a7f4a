package dev.hawser.connection.execution;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks about every millisecond at the threads of all selectors of this process, while these call callbacks that could block. When one
 * callback takes too long, it lets another thread go on with the selector, and the hub's callbacks run on virtual threads again. While
 * little happens the watch sleeps, since looking would cost more than it saves, and such callbacks run on virtual threads.
 */
final class SelectorWatch {
	static final SelectorWatch OF_THIS_PROCESS = new SelectorWatch();

	/** A selector is busy when so many reads take less than this time. */
	static final int BUSY_READS = 32;
	static final long BUSY_NANOS = 10_000_000;

	private static final Logger LOG = LoggerFactory.getLogger(SelectorWatch.class);

	private static final long LOOK_NANOS = 1_000_000;
	private static final long SECOND_NANOS = 1_000_000_000;
	/** After a longer time between two looks the process itself has stood still, and its callbacks may be quick. */
	private static final long STANDSTILL_NANOS = 5 * LOOK_NANOS;
	/** Looks after which a thread in the same callback is replaced although it is not waiting: it computes, or waits in native code. */
	private static final int MOST_LOOKS = 4;
	/** The watch goes to sleep when there were fewer reads than looks, in so many looks. */
	private static final int QUIET_LOOKS = 64;

	private final List<SelectorRound> rounds = new CopyOnWriteArrayList<>();
	private final Set<TrackRecord> records = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
	private volatile boolean awake;
	private volatile @Nullable Thread thread;
	// Used by the watch's thread.
	private long lastLook;
	private long lastJudgement;
	private int looks;
	private long lastSteps;

	private SelectorWatch() {
	}

	/** Watches the selector from now on. */
	synchronized void add(SelectorRound round) {
		rounds.add(round);
		if (thread == null) {
			Thread watch = Thread.ofPlatform().daemon().name("hawser-selector-watch").unstarted(this::run);
			watch.setContextClassLoader(null); // that of the first of many servers
			watch.start();
			thread = watch;
		}
	}

	void remove(SelectorRound round) {
		rounds.remove(round);
	}

	/** Has the record judged every second, as long as its hub exists. */
	void add(TrackRecord record) {
		records.add(record);
	}

	boolean isAwake() {
		return awake;
	}

	/** Begins to look. Any thread may call. */
	void wake() {
		awake = true;
		LockSupport.unpark(thread);
	}

	private void run() {
		while (true) {
			LockSupport.parkNanos(this, awake ? LOOK_NANOS : SECOND_NANOS);
			try {
				look(System.nanoTime());
			}
			catch (RuntimeException | Error e) {
				EngineThreads.endProcessIfFatal(e);
				LOG.error("The selectors could not be watched", e);
			}
		}
	}

	private void look(long now) {
		boolean stoodStill = now - lastLook > STANDSTILL_NANOS;
		lastLook = now;
		long steps = 0;
		for (SelectorRound round : rounds) {
			Leader leader = round.leader();
			if (leader != null) {
				steps += leader.steps();
				if (stoodStill) {
					leader.forgetLooks();
				}
				else {
					look(round, leader, now);
				}
			}
		}
		sleepIfQuiet(steps);
		if (now - lastJudgement >= SECOND_NANOS) {
			lastJudgement = now;
			List.copyOf(records).forEach(record -> record.judge(now));
		}
	}

	private void sleepIfQuiet(long steps) {
		looks++;
		if (looks == QUIET_LOOKS) {
			boolean quiet = Math.abs(steps - lastSteps) < 2L * QUIET_LOOKS; // two steps for a read
			looks = 0;
			lastSteps = steps;
			if (quiet && awake) {
				awake = false;
				awake = rounds.stream().map(SelectorRound::leader).anyMatch(leader -> leader != null && leader.isCalling());
			}
		}
	}

	private static void look(SelectorRound round, Leader leader, long now) {
		int sameCallback = leader.look();
		if (sameCallback == 0 || leader.isLeftBehind()) {
			return;
		}
		boolean waits = leader.thread.getState() != Thread.State.RUNNABLE;
		Leader.Calls left = waits || sameCallback >= MOST_LOOKS ? leader.leaveBehind(now) : null;
		if (left == null) {
			return;
		}
		round.standIn().goOn();
		if (waits) {
			left.record().waited(now);
		}
		else {
			left.record().wasReplaced();
		}
		Thread.startVirtualThread(left::leftBehind);
	}
}
