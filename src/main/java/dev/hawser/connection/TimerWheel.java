package dev.hawser.connection;

import dev.hawser.connection.execution.EngineThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coarse clock for the deadlines of all connections: a hashed timing wheel turned by one daemon thread. Deadlines fire up to
 * one tick late, never early. A deadline that is further away than one turn of the wheel is checked once a turn until it is due.
 */
final class TimerWheel implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

	static final long TICK_MILLIS = 50;
	private static final int SLOTS = 1024;
	/** Value of a slot: the entry is not on the wheel. */
	private static final int NONE = -1;
	/** Value of a slot: the entry was cancelled and never comes back on the wheel. */
	private static final int CANCELLED = -2;
	/** A tick that is later than this means that the whole process has stood still, or has not had a processor. */
	static final long STANDSTILL_MILLIS = 500;
	private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

	private final ReentrantLock lock = new ReentrantLock();
	private final @Nullable Entry[] slots = new Entry[SLOTS];
	private final Runnable onTick;
	private final long startNanos = System.nanoTime();
	private final Thread thread = Thread.ofPlatform().daemon().name("hawser-timer").unstarted(this::turn);
	private final Instant startedAt = Instant.now();
	private volatile long now;
	private volatile long stoodStill;
	private long ticks;
	private volatile boolean closed;

	/** @param onTick run by the wheel's thread at every tick; must be quick */
	TimerWheel(Runnable onTick) {
		this.onTick = onTick;
	}

	void start() {
		thread.start();
	}

	/** The place of a connection on the wheel, with its next deadline only. */
	abstract static class Entry {
		private @Nullable Entry previous;
		private @Nullable Entry next;
		private long due;
		private int slot = NONE;

		/** Runs on the wheel's thread when due; returns the next deadline (in {@link TimerWheel#now} time), or -1 for none. */
		abstract long expire(long now);
	}

	/** When {@link #now} was 0. */
	Instant startedAt() {
		return startedAt;
	}

	/** Milliseconds since the wheel was made, as of the last tick. Costs one volatile read. */
	long now() {
		return now;
	}

	/**
	 * Milliseconds for which the process has stood still since the wheel was made, the present moment included: after a pause a
	 * selector may be the first to run.
	 */
	long stoodStill() {
		return stoodStill + standstill(elapsed() - now);
	}

	private static long standstill(long sinceTick) {
		return sinceTick > STANDSTILL_MILLIS ? sinceTick : 0;
	}

	private long elapsed() {
		return (System.nanoTime() - startNanos) / 1_000_000;
	}

	/** Runs the task on the wheel's thread after this many milliseconds. */
	void after(long millis, Runnable task) {
		schedule(new Entry() {
			@Override
			long expire(long now) {
				task.run();
				return -1;
			}
		}, now + millis);
	}

	/** Sets or moves the entry's deadline. */
	void schedule(Entry entry, long due) {
		lock.lock();
		try {
			unlink(entry);
			if (entry.slot == NONE) {
				link(entry, due);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** As {@link #schedule}, but keeps a deadline that was set while the entry expired, since it is newer. */
	private void scheduleUnlessMoved(Entry entry, long due) {
		lock.lock();
		try {
			if (entry.slot == NONE) {
				link(entry, due);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** Removes the entry for good. */
	void cancel(Entry entry) {
		lock.lock();
		try {
			unlink(entry);
			entry.slot = CANCELLED;
		}
		finally {
			lock.unlock();
		}
	}

	/** Stops the wheel. Waits for the current tick, at most a second, unless called by the wheel's own thread. */
	@Override
	public void close() {
		closed = true;
		LockSupport.unpark(thread);
		if (thread.getState() == Thread.State.NEW || thread == Thread.currentThread()) {
			return;
		}
		try {
			thread.join(LONGEST_CLOSE);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private void link(Entry entry, long due) {
		entry.due = due;
		long tick = Math.max(ticks + 1, (due + TICK_MILLIS - 1) / TICK_MILLIS);
		int slot = (int) (tick % SLOTS);
		Entry head = slots[slot];
		entry.slot = slot;
		entry.next = head;
		if (head != null) {
			head.previous = entry;
		}
		slots[slot] = entry;
	}

	private void unlink(Entry entry) {
		if (entry.slot < 0) {
			return;
		}
		if (entry.previous == null) {
			slots[entry.slot] = entry.next;
		}
		else {
			entry.previous.next = entry.next;
		}
		if (entry.next != null) {
			entry.next.previous = entry.previous;
		}
		entry.previous = null;
		entry.next = null;
		entry.slot = NONE;
	}

	private void turn() {
		try {
			while (!closed) {
				long elapsed = elapsed();
				advance(elapsed);
				LockSupport.parkNanos(((ticks + 1) * TICK_MILLIS - elapsed) * 1_000_000);
			}
		}
		catch (Throwable e) {
			EngineThreads.endProcess(e);
			throw e;
		}
	}

	/** Whether the wheel has not been closed. */
	boolean isTurning() {
		return !closed;
	}

	/**
	 * Moves the clock and runs the deadlines that are due. Called by the wheel's thread, or by a test that has not started the
	 * wheel.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, any may read
	void advance(long elapsed) {
		stoodStill += standstill(elapsed - now);
		now = elapsed;
		while (ticks < elapsed / TICK_MILLIS) {
			tick();
		}
		attempt(onTick);
	}

	private void tick() {
		for (Entry entry : takeDue()) {
			attempt(() -> {
				long next = entry.expire(now);
				if (next >= 0) {
					scheduleUnlessMoved(entry, next);
				}
			});
		}
	}

	/** Runs the task; an exception for one connection must not stop the clock of all others. */
	private static void attempt(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable e) {
			EngineThreads.endProcessIfFatal(e);
			LOG.error("A deadline failed; the others still run", e);
		}
	}

	private List<Entry> takeDue() {
		lock.lock();
		try {
			ticks++;
			List<Entry> due = new ArrayList<>();
			for (Entry entry = slots[(int) (ticks % SLOTS)]; entry != null;) {
				Entry following = entry.next;
				if (entry.due <= now) {
					unlink(entry);
					due.add(entry);
				}
				entry = following;
			}
			return due;
		}
		finally {
			lock.unlock();
		}
	}
}
