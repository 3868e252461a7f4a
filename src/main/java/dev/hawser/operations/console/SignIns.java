package dev.hawser.operations.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hawser.connection.limit.ClientAddress;
import dev.hawser.operations.console.Login.Right;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Slows down those who try keys, and writes down who signs in and what operators do. Safe for any thread. */
final class SignIns {
	private static final Logger AUDIT = LoggerFactory.getLogger("hawser.audit");
	private static final int TRIES = 5;
	private static final Duration WITHIN = Duration.ofMinutes(1);
	private static final int MOST_ADDRESSES = 10_000;

	private final Cache<Object, Bucket> tries = Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).expireAfterAccess(WITHIN).build();

	/** Counts a try from this address, whether the key is right or not. */
	void check(String address) {
		Bucket bucket = tries.get(key(address),
				_ -> Bucket.builder().addLimit(limit -> limit.capacity(TRIES).refillGreedy(TRIES, WITHIN)).build());
		if (!bucket.tryConsume(1)) {
			throw new ConsoleException(429, "Too many tries from your address; wait a minute.");
		}
	}

	void signedIn(String address, Right right) {
		tries.invalidate(key(address));
		AUDIT.info("Console: {} has signed in {}", address, right == Right.ACT ? "to act" : "to look");
	}

	void refused(String address) {
		AUDIT.warn("Console: {} has shown a wrong key", address);
	}

	/** Of IPv6 the network, since one client usually has all its addresses. */
	private static Object key(String address) {
		try {
			return new ClientAddress(InetAddress.ofLiteral(address)).key();
		}
		catch (IllegalArgumentException e) {
			return address;
		}
	}

	/** @param deed what was done and to what, without payloads */
	void did(String address, String deed) {
		AUDIT.info("Console: {} {}", address, deed);
	}
}
