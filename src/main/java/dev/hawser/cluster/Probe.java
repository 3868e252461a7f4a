package dev.hawser.cluster;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a node sends to its own inbox, to find out whether it hears: one probe at a time is under way, however often it is sent. Safe for any
 * thread.
 */
final class Probe {
	private final LongSupplier clock;
	private volatile boolean heard = true;
	private volatile long sent;
	private volatile long delay;

	/** @param clock nanoseconds, as {@link System#nanoTime} */
	Probe(LongSupplier clock) {
		this.clock = clock;
	}

	/** Begins another one, if the last one has come back. */
	boolean renew() {
		if (!heard) {
			return false;
		}
		heard = false;
		return true;
	}

	/** It is about to be sent. */
	void send() {
		if (!heard) {
			sent = clock.getAsLong();
		}
	}

	/** It has come back. */
	void heard() {
		heard = true;
		delay = clock.getAsLong() - sent;
	}

	/** The inbox is another one now. */
	void beginAnew() {
		heard = true;
	}

	/** How long the last one has taken, or takes already. */
	Duration delay() {
		return Duration.ofNanos(heard ? delay : clock.getAsLong() - sent);
	}
}
