package dev.hawser.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hawser.api.Delivery;
import dev.hawser.connection.MessageName;
import dev.hawser.connection.WebSocketConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this node has sent of {@link Operation operations}, so that a repetition, which may come by way of any node, sends nothing a
 * second time. Safe for any thread.
 */
final class SentOnce {
	private static final int MOST = 50_000;
	private static final Duration LONGEST = Duration.ofMinutes(10);

	private final Cache<String, Sent> known = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();
	private final Arrivals arrivals = new Arrivals();

	/** @param arrivals connections that had come from other nodes before */
	private record Sent(Delivery delivery, long arrivals) {
	}

	/**
	 * Sends, or returns what came of it the first time. What no connection here has got is sent again; what some have got is sent to those
	 * that have come from other nodes since: they may lack it, and if not they know its name.
	 *
	 * @param message name of the message; null for one that is always sent
	 * @param clients of this node
	 * @param sending sends it to some of them
	 */
	Delivery send(@Nullable String message, LocalClients clients, Function<LocalClients, Delivery> sending) {
		if (message == null) {
			return sending.apply(clients);
		}
		AtomicBoolean first = new AtomicBoolean();
		Sent sent = known.get(message, _ -> {
			first.set(true);
			long before = arrivals.count();
			return new Sent(named(message, clients, sending), before);
		});
		if (sent.delivery instanceof Delivery.Nobody) {
			known.invalidate(message);
		}
		else if (!first.get()) {
			arrivals.after(sent.arrivals).forEach(late -> named(message, clients.of(late), sending));
		}
		return sent.delivery;
	}

	private static Delivery named(String message, LocalClients clients, Function<LocalClients, Delivery> sending) {
		String before = MessageName.set(message);
		try {
			return sending.apply(clients);
		}
		finally {
			var _ = MessageName.set(before);
		}
	}

	/** The connection has come from another node. Called while nothing is sent. */
	void arrived(WebSocketConnection connection) {
		arrivals.add(connection);
	}
}
