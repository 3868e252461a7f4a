package dev.hawser.push.rest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.connection.limit.Rate;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.time.Duration;

/**
 * Counts the requests without a good token by address. A good token is always accepted: a stranger behind the same proxy cannot lock
 * a caller out. Safe for any thread.
 */
final class FailedAttempts {
	/** Most addresses that are remembered, against an attacker with many of them: about 10 MB. */
	private static final int MOST_ADDRESSES = 50_000;

	private final Cache<Object, Bucket> byAddress = Caffeine.newBuilder().maximumSize(MOST_ADDRESSES)
			.expireAfterAccess(Duration.ofSeconds(2)).build();

	/**
	 * Counts one. False when the address has had more than this in a second.
	 *
	 * @param address   an IP address as text; any other text counts as one address
	 * @param perSecond 0 for no limit
	 */
	boolean take(String address, int perSecond) {
		return perSecond == 0 || byAddress.get(new Counted(key(address), perSecond), _ -> Rate.perSecond(perSecond)).tryConsume(1);
	}

	/** After a reload with another limit, counting begins anew. */
	private record Counted(Object address, int perSecond) {
	}

	private static Object key(String address) {
		try {
			return new ClientAddress(InetAddress.ofLiteral(address)).key();
		}
		catch (IllegalArgumentException e) {
			return "";
		}
	}
}
