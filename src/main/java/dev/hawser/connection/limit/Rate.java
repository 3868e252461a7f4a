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

	public Rate(LimitSettings limits) {
		this.limits = limits;
		this.messages = limits.messagesPerSecond() == 0 ? null : perSecond(limits.messagesPerSecond());
		this.bytes = limits.bytesPerSecond().toBytes() == 0 ? null : perSecond(limits.bytesPerSecond().toBytes());
	}

	/** A full bucket that holds the amount for one second. */
	static Bucket perSecond(long tokens) {
		return Bucket.builder().addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, Duration.ofSeconds(1))).build();
	}

	/** Whether this rate has the values of the limits. */
	public boolean isOf(LimitSettings current) {
		return limits == current;
	}

	/** Counts received messages and bytes. Returns how many nanoseconds the client must wait; 0 when it is within its rate. */
	public long take(long messageCount, long byteCount) {
		return Math.max(penalty(messages, messageCount), penalty(bytes, byteCount));
	}

	private static long penalty(@Nullable Bucket bucket, long count) {
		return bucket == null || count == 0 ? 0 : Math.max(0, bucket.consumeIgnoringRateLimits(count));
	}
}
