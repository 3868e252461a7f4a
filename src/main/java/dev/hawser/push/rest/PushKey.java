package dev.hawser.push.rest;

import dev.hawser.connection.limit.Rate;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.SharedKey;
import dev.hawser.token.VerifiedToken;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A key of the push API, and what its holder may do. Safe for any thread.
 *
 * @param settings the key's settings, with an id
 * @param key      verifies and signs tokens
 * @param quota    requests that are left in this second; null for no limit
 */
record PushKey(PushSettings.Key settings, SharedKey key, @Nullable Bucket quota) {

	static PushKey of(PushSettings.Key settings, Duration clockSkew) {
		return new PushKey(settings, SharedKey.of(String.valueOf(settings.secret()), clockSkew),
				settings.requestsPerSecond() == 0 ? null : Rate.perSecond(settings.requestsPerSecond()));
	}

	/** Name of the key, for logs and metrics. */
	String id() {
		return String.valueOf(settings.id());
	}

	/** Whether the key may be used for this hub, which need not exist. The case of letters makes no difference. */
	boolean isFor(String hub) {
		return settings.hubs().isEmpty() || settings.hubs().stream().anyMatch(hub::equalsIgnoreCase);
	}

	/** Whether the key may be used for this. */
	boolean may(Verb verb) {
		return settings.verbs().isEmpty() || settings.verbs().contains(verb.name());
	}

	/** Takes requests from what is left of this second. False when there are too few, and none is taken then. */
	boolean take(int requests) {
		return quota == null || quota.tryConsume(requests);
	}

	VerifiedToken verify(String token) throws InvalidTokenException {
		return key.verify(token);
	}

	@Override
	public String toString() {
		return "PushKey[" + id() + ']';
	}
}
