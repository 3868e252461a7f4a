package dev.hawser.cluster;

import io.lettuce.core.event.connection.ReconnectFailedEvent;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Counts everything that Redis has not done, and says each kind once in the log: again only when it comes back after a quiet minute.
 * Safe for any thread.
 */
final class RedisFailures {
	private static final Logger LOG = LoggerFactory.getLogger(RedisFailures.class);
	private static final long QUIET = Duration.ofMinutes(1).toNanos();

	private final ClusterMeters meters;
	/** When each kind came last, on the clock of {@link System#nanoTime}. Guarded by itself. */
	private final Map<RedisFailure, Long> last = new EnumMap<>(RedisFailure.class);
	private final AtomicReference<String> policy = new AtomicReference<>("noeviction");

	RedisFailures(ClusterMeters meters) {
		this.meters = meters;
	}

	/** Learns of attempts to connect again, which the client makes by itself. */
	RedisFailures listenTo(ClientResources resources) {
		var _ = resources.eventBus().get().ofType(ReconnectFailedEvent.class).subscribe(event -> happened(event.getCause()));
		return this;
	}

	/** A command was not carried out, or a connection was not made. */
	void happened(@Nullable Throwable cause) {
		RedisFailure failure = RedisFailure.of(cause);
		meters.failed(failure);
		if (!failure.sentence().isEmpty() && isNew(failure)) {
			log(failure, cause);
		}
	}

	/** A connection could not be made. One sentence tells of it, although there are several connections. */
	void notConnected(RuntimeException cause) {
		RedisFailure failure = RedisFailure.of(cause);
		meters.failed(failure);
		if (isNew(failure)) {
			LOG.warn("Redis cannot be reached: this node serves its own clients only, and goes on trying. {}", reason(failure, cause));
		}
	}

	private boolean isNew(RedisFailure failure) {
		long now = System.nanoTime();
		synchronized (last) {
			Long before = last.put(failure, now);
			return before == null || now - before > QUIET;
		}
	}

	private static void log(RedisFailure failure, @Nullable Throwable cause) {
		if (failure == RedisFailure.NOSCRIPT) { // which mends itself
			LOG.info("{}. This is counted from now on", reason(failure, cause));
		}
		else {
			LOG.warn("{}. This is counted from now on", reason(failure, cause));
		}
	}

	private static String reason(RedisFailure failure, @Nullable Throwable cause) {
		String words = cause == null ? "" : RedisFailure.words(NestedExceptionUtils.getMostSpecificCause(cause));
		return switch (failure) {
			case AWAY, SILENT, TRYAGAIN -> words;
			case REFUSED, UNUSABLE, CERTIFICATE -> failure.sentence() + ": " + words;
			default -> failure.sentence();
		};
	}

	/** @param found what Redis does when it is full, as its {@code maxmemory-policy} */
	void policy(String found) {
		if (!policy.getAndSet(found).equals(found) && !found.equals("noeviction")) {
			LOG.warn("Redis throws data away when it is full (maxmemory-policy {}), this cluster's too, and messages are lost then without"
					+ " a trace: set maxmemory-policy noeviction", found);
		}
	}
}
