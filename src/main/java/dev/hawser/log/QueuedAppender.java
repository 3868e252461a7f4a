package dev.hawser.log;

import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logback's queue in front of a log that may be slow or stuck. A thread that logs never waits: a thread of the queue writes the entries.
 * An entry for which no place is free is left out and counted. Each entry takes a place before it is queued and returns the place when it
 * is written. So the queue itself is never full, and drops nothing uncounted.
 */
abstract class QueuedAppender<E> extends AsyncAppenderBase<E> {
	/** Places. An entry with a long stack trace takes about 10 kB. */
	static final int PLACES = 1024;
	/** Places that are left to entries that must not be discarded. */
	private static final int RESERVED = PLACES / 5;
	/** How long a stop waits until what is queued has been written. */
	private static final int FLUSH_MILLIS = 2_000;

	private final Appender<E> log;
	private final Semaphore places = new Semaphore(PLACES);
	private final AtomicLong unreported = new AtomicLong();

	/** @param log started already; stopped by the queue's thread when all has been written */
	QueuedAppender(Appender<E> log) {
		this.log = log;
		setContext(new ContextBase()); // of its own: that of the log prints warnings on standard error, which may be what is stuck
		setName(log.getName());
		setQueueSize(PLACES);
		setDiscardingThreshold(0);
		setNeverBlock(true);
		setMaxFlushTime(FLUSH_MILLIS);
		addAppender(new Counted());
	}

	/** Writes, into the log that is behind the queue or elsewhere, that so many entries were left out. Called by the queue's thread. */
	abstract void report(long leftOut);

	@Override
	protected final void append(E entry) {
		boolean spare = isDiscardable(entry) && places.availablePermits() <= RESERVED;
		if (spare || !places.tryAcquire()) {
			unreported.incrementAndGet();
			LeftOut.add();
			return;
		}
		try {
			super.append(entry);
		}
		catch (RuntimeException | Error e) {
			places.release(); // the entry was not queued
			throw e;
		}
	}

	/** Whether all that was logged has been written. */
	final boolean isWritten() {
		return places.availablePermits() == PLACES;
	}

	/** The log behind the queue, as the queue's thread sees it. */
	private final class Counted extends UnsynchronizedAppenderBase<E> {
		private int sinceLeftOut;

		Counted() {
			setName(log.getName());
			setContext(log.getContext());
			start();
		}

		@Override
		protected void append(E entry) {
			try {
				log.doAppend(entry);
			}
			finally {
				places.release();
			}
			reportOnce();
		}

		/** Not before all entries that waited have been written, since those that were left out are newer. */
		private void reportOnce() {
			if (unreported.get() == 0) {
				return;
			}
			sinceLeftOut++;
			if (isWritten() || sinceLeftOut >= PLACES) {
				sinceLeftOut = 0;
				report(unreported.getAndSet(0));
			}
		}

		@Override
		public void stop() {
			super.stop();
			log.stop();
		}
	}
}
