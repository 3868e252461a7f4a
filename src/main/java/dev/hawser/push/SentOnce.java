package dev.hawser.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hawser.api.Delivery;
import dev.hawser.connection.MessageName;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has sent of {@link Operation operations}, so that a repetition, which may come by way of any node, sends nothing a
 * second time. Safe for any thread.
 */
final class SentOnce {
	private static final int MOST = 50_000;
	private static final Duration LONGEST = Duration.ofMinutes(10);

	private final Cache<String, Delivery> known = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

	/**
	 * Sends, or returns what came of it the first time. What no connection here has got is sent again.
	 *
	 * @param message name of the message; null for one that is always sent
	 */
	Delivery send(@Nullable String message, Supplier<Delivery> sending) {
		if (message == null) {
			return sending.get();
		}
		Delivery delivery = known.get(message, _ -> named(message, sending));
		if (delivery instanceof Delivery.Nobody) {
			known.invalidate(message);
		}
		return delivery;
	}

	private static Delivery named(String message, Supplier<Delivery> sending) {
		String before = MessageName.set(message);
		try {
			return sending.get();
		}
		finally {
			var _ = MessageName.set(before);
		}
	}
}
