package dev.hawser.connection.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts handshakes per second, of all clients and by client address. The handshakes allowed in a second may come at once.
 * Addresses without recent handshakes are forgotten.
 */
public final class HandshakeRates {
	/** Most addresses that are remembered, against an attacker with many of them: about 10 MB. */
	private static final int MOST_ADDRESSES = 50_000;

	private volatile Buckets buckets = new Buckets(0, 0);

	/** Counts one handshake; returns the limit that it exceeds, or null. */
	@Nullable
	public ConnectionLimit take(@Nullable ClientAddress address, LimitSettings limits) {
		Buckets current = buckets;
		if (!current.areOf(limits)) { // several threads may start again at the same time, which does no harm
			current = new Buckets(limits.handshakesPerSecond(), limits.handshakesPerAddress());
			buckets = current;
		}
		return current.take(address);
	}

	private static final class Buckets {
		private final int perSecond;
		private final int perAddress;
		private final @Nullable Bucket all;
		private final Cache<Object, Bucket> byAddress = Caffeine.newBuilder().maximumSize(MOST_ADDRESSES)
				.expireAfterAccess(Duration.ofSeconds(2)).build();

		Buckets(int perSecond, int perAddress) {
			this.perSecond = perSecond;
			this.perAddress = perAddress;
			this.all = perSecond == 0 ? null : Rate.perSecond(perSecond);
		}

		boolean areOf(LimitSettings limits) {
			return limits.handshakesPerSecond() == perSecond && limits.handshakesPerAddress() == perAddress;
		}

		@Nullable
		ConnectionLimit take(@Nullable ClientAddress address) {
			// the address first: one client must not use up the limit of all
			if (address != null && perAddress > 0
					&& !byAddress.get(address.key(), _ -> Rate.perSecond(perAddress)).tryConsume(1)) {
				return ConnectionLimit.HANDSHAKES_OF_ADDRESS;
			}
			return all == null || all.tryConsume(1) ? null : ConnectionLimit.HANDSHAKES;
		}
	}
}
