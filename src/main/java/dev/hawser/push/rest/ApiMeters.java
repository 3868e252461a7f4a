package dev.hawser.push.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;

/** Counts and times the requests of the push API. Safe for any thread. */
final class ApiMeters {
	/** Counter: requests that were refused, by {@link #REASON}. */
	static final String REFUSED = "hawser.push.refused";
	/** Timer: requests that got in, by {@link #OPERATION} and {@link #OUTCOME}. */
	static final String REQUESTS = "hawser.push.requests";
	private static final String REASON = "reason";
	private static final String OPERATION = "operation";
	private static final String OUTCOME = "outcome";

	private final MeterRegistry registry;
	private final ConcurrentHashMap<String, Timers> timers = new ConcurrentHashMap<>();

	/** How a request ended. */
	enum Outcome {
		/** It was carried out. */
		DONE,
		/** The caller has to change it, or to send it later. */
		REFUSED,
		/** The server could not carry it out. */
		FAILED
	}

	ApiMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/** @param reason one of a small fixed set */
	void refused(String reason) {
		Counter.builder(REFUSED).tag(REASON, reason).description("Requests to the push API that were refused").register(registry)
				.increment();
	}

	/**
	 * @param operation its name in {@code openapi.yaml}; {@code none} when there is no such operation
	 * @param begin     the time on the clock of {@link System#nanoTime} when it got in
	 */
	void answered(String operation, Outcome outcome, long begin) {
		Timers ended = timers.computeIfAbsent(operation, this::timers);
		Timer timer = switch (outcome) {
			case DONE -> ended.done;
			case REFUSED -> ended.refused;
			case FAILED -> ended.failed;
		};
		timer.record(Duration.ofNanos(System.nanoTime() - begin));
	}

	/** The timers of one operation. */
	private record Timers(Timer done, Timer refused, Timer failed) {
	}

	private Timers timers(String operation) {
		return new Timers(timer(operation, Outcome.DONE), timer(operation, Outcome.REFUSED), timer(operation, Outcome.FAILED));
	}

	private Timer timer(String operation, Outcome outcome) {
		return Timer.builder(REQUESTS).tag(OPERATION, operation).tag(OUTCOME, outcome.name().toLowerCase(Locale.ROOT))
				.description("Requests to the push API that showed a good token").register(registry);
	}
}
