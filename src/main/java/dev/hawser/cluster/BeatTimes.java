package dev.hawser.cluster;

import java.time.Duration;

/**
 * When a node beats: once a second, a third of a second after a beat that has failed, and at once over a new connection to Redis. One beat is
 * under way at a time. Used on the thread of the cluster; times are nanoseconds, as {@link System#nanoTime}.
 */
final class BeatTimes {
	static final long BEAT = Duration.ofSeconds(1).toNanos();

	private long next;
	/** After a beat that has failed. */
	private long notBefore;
	/** The connection to Redis that was there at the last question. */
	private long noticed;
	private boolean underWay;

	BeatTimes(long now) {
		next = now;
		notBefore = now;
	}

	/** @param generation of the connection to Redis that there is now, see {@link Redis#generation} */
	boolean isDue(long now, long generation) {
		if (noticed != generation) {
			noticed = generation;
			next = Math.max(now, notBefore);
		}
		return !underWay && now - next >= 0;
	}

	void begins(long now) {
		underWay = true;
		next = now + BEAT;
	}

	/** Redis has answered, or has not in time. */
	void ends() {
		underWay = false;
	}

	/** The beat that has ended is to be repeated. */
	void failed(long now) {
		notBefore = now + BEAT / 3;
		next = Math.min(next, notBefore);
	}

	/** As soon as none is under way. */
	void soon(long now) {
		next = now;
	}
}
