package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetter.Why;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers in the background the events that are delivered at least once and that a backend has not taken at first. Tries again
 * with growing pauses until the backend takes them, or they are too old and become dead letters.
 */
final class Redelivery implements AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);
	private static final Duration ROUND = Duration.ofSeconds(1);
	private static final long FIRST_PAUSE_MILLIS = 1_000;
	private static final long LONGEST_PAUSE_MILLIS = 60_000;
	private static final int MOST_AT_ONCE = 64;

	private final int most;
	private final Duration oldest;
	private final BooleanSupplier durable;
	private final Runnable eachRound;
	private final Map<ConnectionEvents, Waiting> waiting = new ConcurrentHashMap<>();
	private final Semaphore free = new Semaphore(MOST_AT_ONCE);
	private @Nullable Thread thread;

	/**
	 * @param since when the events were added, as {@code System.nanoTime}
	 * @param pause milliseconds between the last attempt and the next one
	 * @param next  when the next attempt is due; {@code Long.MAX_VALUE} during an attempt
	 */
	private record Waiting(long since, long pause, long next) {
	}

	/**
	 * @param most      most connections whose events wait
	 * @param oldest    how long events wait
	 * @param durable   whether the events outlive this process
	 * @param eachRound run once in each round, which takes a second
	 */
	Redelivery(int most, Duration oldest, BooleanSupplier durable, Runnable eachRound) {
		this.durable = durable;
		this.most = most;
		this.oldest = oldest;
		this.eachRound = eachRound;
	}

	void start() {
		thread = Thread.ofVirtual().name("hawser-webhook-redelivery").start(this::run);
	}

	/** Whether the events of one more connection may wait. */
	boolean hasRoom() {
		return waiting.size() < most;
	}

	/** Delivers the events of this connection that are due, later. */
	void add(ConnectionEvents events) throws InterruptedException {
		if (!hasRoom() && !waiting.containsKey(events)) {
			events.giveUp(Why.FULL);
			return;
		}
		add(events, Duration.ZERO);
	}

	/**
	 * Delivers the events of a connection of an earlier process; these have had their room.
	 *
	 * @param age how long they have waited already
	 */
	void add(ConnectionEvents events, Duration age) {
		long now = System.nanoTime();
		long past = age.compareTo(oldest) > 0 ? oldest.toNanos() : age.toNanos();
		waiting.putIfAbsent(events, new Waiting(now - past, FIRST_PAUSE_MILLIS, next(now, FIRST_PAUSE_MILLIS, events)));
	}

	/** Varies the pause by a quarter, so that not all events come back in the same moment. */
	private static long next(long now, long pause, ConnectionEvents events) {
		long millis = Math.max(pause, events.askedPause().toMillis());
		return now + Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(1 + millis / 4)).toNanos();
	}

	private void run() {
		try {
			while (true) {
				Thread.sleep(ROUND);
				eachRound.run();
				long now = System.nanoTime();
				for (Map.Entry<ConnectionEvents, Waiting> entry : waiting.entrySet()) {
					Waiting before = entry.getValue();
					if (before.next() != Long.MAX_VALUE && before.next() - now <= 0) {
						free.acquire();
						entry.setValue(new Waiting(before.since(), before.pause(), Long.MAX_VALUE));
						Thread.ofVirtual().start(() -> attempt(entry.getKey(), before));
					}
				}
			}
		}
		catch (InterruptedException e) {
			// it is closed
		}
	}

	private void attempt(ConnectionEvents events, Waiting before) {
		try {
			if (events.deliverDue() == Progress.DONE) {
				waiting.remove(events);
				if (events.due() > 0) {
					add(events); // one has been added in this moment, by a call that found the connection here
				}
				return;
			}
			long now = System.nanoTime();
			if (now - before.since() > oldest.toNanos()) {
				waiting.remove(events);
				events.giveUp(Why.AGE);
				return;
			}
			long pause = Math.min(2 * before.pause(), LONGEST_PAUSE_MILLIS);
			waiting.put(events, new Waiting(before.since(), pause, next(now, pause, events)));
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		finally {
			free.release();
		}
	}

	/** The number of connections of a hub whose events wait. */
	long waiting(String hub) {
		return waiting.keySet().stream().filter(events -> events.origin().hub().equals(hub)).count();
	}

	/** How long the events of a hub have waited that have waited longest; zero when none wait. */
	Duration longest(String hub) {
		long now = System.nanoTime();
		return Duration.ofNanos(waiting.entrySet().stream().filter(entry -> entry.getKey().origin().hub().equals(hub))
				.mapToLong(entry -> now - entry.getValue().since()).max().orElse(0));
	}

	@Override
	public void close() {
		if (thread != null) {
			thread.interrupt();
		}
		if (!waiting.isEmpty()) {
			LOG.warn("Events of {} connections have not been delivered to their backends, and {}", waiting.size(),
					durable.getAsBoolean() ? "are delivered after the next start" : "are lost with this process");
		}
	}
}
