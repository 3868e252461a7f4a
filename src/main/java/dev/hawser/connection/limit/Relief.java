package dev.hawser.connection.limit;

import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.connection.limit.MemoryBudget.Account;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the holders that have most let go: at once when the budget is used up, and when memory has been tight for {@link #PATIENCE},
 * since clients that stall would otherwise keep new ones out for ever. Its thread sleeps while memory is not tight. It takes no lock
 * and walks over the accounts without stopping those that charge them.
 */
final class Relief implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(Relief.class);

	static final Duration PATIENCE = Duration.ofSeconds(10);
	/** Pause after a walk that has not made enough room, so that walks do not use up a processor. */
	private static final Duration PAUSE = Duration.ofMillis(5);
	private static final long LOG_EVERY = Duration.ofSeconds(10).toNanos();
	/** Most accounts that one walk remembers. */
	private static final int AT_A_TIME = 64;
	private static final long ASLEEP = Long.MAX_VALUE;

	private final MemoryBudget budget;
	private final Thread thread = Thread.ofPlatform().daemon().name("hawser-memory").unstarted(this::watch);
	private volatile boolean closed;
	/** When memory became tight, or when holders last let go because it had been tight for too long. */
	private volatile long tightSince;
	/** Used by the thread only, as {@link #logged}. */
	private long loggedAt = System.nanoTime() - LOG_EVERY;
	private long logged;

	/** @param bytes what the account had when it was looked at */
	private record Seen(Account account, long bytes) {
	}

	Relief(MemoryBudget budget) {
		this.budget = budget;
	}

	void start() {
		thread.start();
	}

	/** Memory has become tight. */
	void becameTight() {
		tightSince = System.nanoTime();
		wake();
	}

	/** Looks again soon. Never waits. */
	void wake() {
		LockSupport.unpark(thread);
	}

	@Override
	public void close() {
		closed = true;
		wake();
	}

	private void watch() {
		while (!closed) {
			long nanos = attempt();
			if (nanos == ASLEEP) {
				LockSupport.park();
			}
			else {
				LockSupport.parkNanos(nanos);
			}
		}
	}

	private long attempt() {
		try {
			return relieve(System.nanoTime());
		}
		catch (RuntimeException | Error e) {
			EngineThreads.endProcessIfFatal(e);
			LOG.error("Memory could not be taken back", e);
			return PAUSE.toNanos();
		}
	}

	/** Makes holders let go if that is due. Returns after how many nanoseconds to look again. */
	long relieve(long now) {
		if (!budget.isTight()) {
			return ASLEEP;
		}
		boolean tooLong = now - tightSince >= PATIENCE.toNanos();
		if (tooLong) {
			tightSince = now;
		}
		if (tooLong || budget.isSpent()) {
			reduceTo(tooLong ? budget.tight() : budget.most());
			log(now);
		}
		return budget.isSpent() ? PAUSE.toNanos() : PATIENCE.toNanos() - (now - tightSince);
	}

	/**
	 * Makes holders let go, those with most first, until no more than this is held. What a holder that was asked still has counts as
	 * released: a callback may be using it, and will return.
	 */
	private void reduceTo(long goal) {
		PriorityQueue<Seen> biggest = new PriorityQueue<>(AT_A_TIME + 1, Comparator.comparingLong(Seen::bytes));
		do {
			biggest.clear();
			long leaving = lookForBiggest(biggest);
			List<Seen> descending = biggest.stream().sorted(Comparator.comparingLong(Seen::bytes).reversed()).toList();
			for (Seen next : descending) {
				if (budget.held() - leaving <= goal) {
					return;
				}
				letGo(next.account);
				leaving += next.account.bytes();
			}
		}
		while (!biggest.isEmpty());
	}

	/** Finds the holders that have most and were not asked yet. Returns what those have that were asked. */
	private long lookForBiggest(PriorityQueue<Seen> biggest) {
		long leaving = 0;
		for (Account account : budget.accounts()) {
			long bytes = account.bytes();
			if (account.wasAsked()) {
				leaving += bytes;
			}
			else if (bytes > 0 && (biggest.size() < AT_A_TIME || bytes > biggest.element().bytes)) {
				biggest.add(new Seen(account, bytes));
				if (biggest.size() > AT_A_TIME) {
					biggest.remove();
				}
			}
		}
		return leaving;
	}

	private static void letGo(Account account) {
		try {
			account.letGo();
		}
		catch (RuntimeException | Error e) {
			EngineThreads.endProcessIfFatal(e);
			LOG.error("A holder of memory could not let go", e);
		}
	}

	private void log(long now) {
		long ended = budget.ended();
		if (ended > logged && now - loggedAt >= LOG_EVERY) {
			LOG.warn("The memory for clients is short: {} connections or requests that held most were ended; {} of {} bytes are in use",
					ended - logged, budget.held(), budget.most());
			logged = ended;
			loggedAt = now;
		}
	}
}
