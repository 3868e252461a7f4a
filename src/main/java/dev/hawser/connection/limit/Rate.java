package dev.hawser.connection.limit;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits how fast one client may send: messages and bytes per second. All that a second allows may come at once. Used by the
 * reading thread only.
 */
public final class Rate {
	private final @Nullable Bucket messages;
	private final @Nullable Bucket bytes;
	private final LimitSettings limits;
	/** Standstill of the process that is accounted for, in milliseconds. */
	private long credited;

	/** @param stoodStill milliseconds for which the process has stood still since its start */
	public Rate(LimitSettings limits, long stoodStill) {
		this.limits = limits;
		this.credited = stoodStill;
		this.messages = limits.messagesPerSecond() == 0 ? null : perSecond(limits.messagesPerSecond());
		this.bytes = limits.bytesPerSecond().toBytes() == 0 ? null : perSecond(limits.bytesPerSecond().toBytes());
	}

	/** A full bucket that holds the amount for one second. A step of the wall clock changes nothing in it. */
	public static Bucket perSecond(long tokens) {
		return Bucket.builder().addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, Duration.ofSeconds(1)))
				.withNanosecondPrecision().build();
	}

	/** Whether this rate has the values of the limits. */
	public boolean isOf(LimitSettings current) {
		return limits == current;
	}

	/**
	 * Counts received messages and bytes. What the client was allowed to send while the process stood still comes at once and is
	 * not too much.
	 *
	 * @param stoodStill milliseconds for which the process has stood still since its start
	 * @return how many nanoseconds the client must wait; 0 when it is within its rate
	 */
	public long take(long messageCount, long byteCount, long stoodStill) {
		if (stoodStill > credited) {
			credit(messages, limits.messagesPerSecond(), stoodStill - credited);
			credit(bytes, limits.bytesPerSecond().toBytes(), stoodStill - credited);
			credited = stoodStill;
		}
		return Math.max(penalty(messages, messageCount), penalty(bytes, byteCount));
	}

	private static void credit(@Nullable Bucket bucket, long perSecond, long millis) {
		if (bucket != null) {
			bucket.forceAddTokens((long) Math.ceil(perSecond * (millis / 1000.0)));
		}
	}

	private static long penalty(@Nullable Bucket bucket, long count) {
		return bucket == null || count == 0 ? 0 : Math.max(0, bucket.consumeIgnoringRateLimits(count));
	}
}
