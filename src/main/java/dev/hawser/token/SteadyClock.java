package dev.hawser.token;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Begins with the time of the wall clock and is not affected when that clock is set. For how long something is kept or awaited; what
 * a token says of its time is compared with the wall clock.
 */
final class SteadyClock implements InstantSource {
	private final Instant start = Instant.now();
	private final long startNanos = System.nanoTime();

	@Override
	public Instant instant() {
		return start.plusNanos(System.nanoTime() - startNanos);
	}
}
