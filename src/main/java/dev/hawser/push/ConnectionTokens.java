package dev.hawser.push;

import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.SharedKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Tokens with which a client proves that a connection is its own. They are signed with the first key of the push API, so that each node
 * with the same keys accepts them; without such a key, with one that this process has made for itself. Safe for any thread.
 */
public final class ConnectionTokens {
	private static final Duration LIFETIME = Duration.ofDays(7);
	private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

	private final SharedKey own = SharedKey.of(DevelopmentToken.newSecret(), CLOCK_SKEW);
	private final Keys shared;

	/** The keys in force that the nodes of a cluster share. */
	@FunctionalInterface
	public interface Keys {
		/** The keys; empty for none. Any thread may ask. */
		List<SharedKey> all();
	}

	/** @param shared asked for each token, since keys may change */
	ConnectionTokens(Keys shared) {
		this.shared = shared;
	}

	/** A token for the client of this connection. */
	public String sign(String connectionId) {
		List<SharedKey> keys = shared.all();
		return (keys.isEmpty() ? own : keys.getFirst()).sign(Map.of("aud", List.of(connectionId)), LIFETIME);
	}

	/** Whether this is a valid token for the client of this connection. */
	public boolean isFor(String connectionId, String token) {
		return shared.all().stream().anyMatch(key -> isFor(connectionId, token, key)) || isFor(connectionId, token, own);
	}

	private static boolean isFor(String connectionId, String token, SharedKey key) {
		try {
			return key.verify(token).audience().equals(List.of(connectionId));
		}
		catch (InvalidTokenException e) {
			return false;
		}
	}
}
