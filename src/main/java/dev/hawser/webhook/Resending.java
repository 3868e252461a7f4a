package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetters.Numbered;
import dev.hawser.webhook.Taking.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters again in the background, when an operator says so. Those of one connection go one after the other, in their
 * order. Each is removed when the backend has taken it, and stays otherwise. When a backend is still away, the rest of its hub stays.
 */
final class Resending {
	private static final int MOST_AT_ONCE = 16;
	private static final int PAGE = 500;

	private final Letters letters;
	private final BiFunction<String, String, @Nullable Backend> backends;
	private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

	/** @param backends the backend of a hub that gets an event; null for none */
	Resending(Letters letters, BiFunction<String, String, @Nullable Backend> backends) {
		this.letters = letters;
		this.backends = backends;
	}

	/** Whether some backend gets events like this one. */
	boolean isPossible(Numbered one) {
		return backend(one) != null;
	}

	private @Nullable Backend backend(Numbered one) {
		Event event = one.letter().event();
		return backends.apply(event.of().hub(), event.name());
	}

	/** Sends one letter. */
	void send(Numbered one) {
		Thread.ofVirtual().name("hawser-webhook-resend").start(() -> send(List.of(one), ConcurrentHashMap.newKeySet()));
	}

	/**
	 * Sends all letters that there are now.
	 *
	 * @param hub of this hub only; null for all
	 */
	void sendAll(@Nullable String hub) {
		long last = letters.highest();
		Thread.ofVirtual().name("hawser-webhook-resend").start(() -> sendUpTo(last, hub));
	}

	private void sendUpTo(long last, @Nullable String hub) {
		Set<String> away = ConcurrentHashMap.newKeySet();
		long after = 0;
		for (List<Numbered> page = letters.list(hub, after, PAGE); !page.isEmpty(); page = letters.list(hub, after, PAGE)) {
			after = page.getLast().id();
			Map<String, List<Numbered>> byConnection = new LinkedHashMap<>();
			page.stream().filter(one -> one.id() <= last).forEach(one -> byConnection
					.computeIfAbsent(one.letter().event().of().uniqueId(), _ -> new ArrayList<>()).add(one));
			Semaphore free = new Semaphore(MOST_AT_ONCE);
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				byConnection.values().forEach(some -> threads.execute(() -> {
					free.acquireUninterruptibly();
					try {
						send(some, away);
					}
					finally {
						free.release();
					}
				}));
			}
		}
	}

	/** @param away hubs whose backends do not take events now */
	private void send(List<Numbered> ofOneConnection, Set<String> away) {
		for (Numbered one : ofOneConnection) {
			String hub = one.letter().event().of().hub();
			Backend backend = backend(one);
			if (backend != null && !away.contains(hub) && underWay.add(one.id())) {
				try {
					if (letters.get(one.id()) != null && attempt(backend, one) == Outcome.LATER) {
						away.add(hub);
					}
				}
				finally {
					underWay.remove(one.id());
				}
			}
		}
	}

	private Outcome attempt(Backend backend, Numbered one) {
		Taking taking = taking(backend, one.letter().event());
		if (taking.outcome() == Outcome.TAKEN) {
			letters.remove(one.id());
		}
		else {
			letters.tried(one.id(), taking.result());
		}
		return taking.outcome();
	}

	private static Taking taking(Backend backend, Event event) {
		try {
			return Taking.of(backend.deliver(event, null, Asking.FOR_THE_STATUS), Instant.now());
		}
		catch (NoAnswerException e) {
			return Taking.of(e);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			return new Taking(Outcome.LATER, "interrupted", Duration.ZERO);
		}
	}
}
