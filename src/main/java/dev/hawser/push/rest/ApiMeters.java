package dev.hawser.push.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what the push API refuses. Safe for any thread. */
final class ApiMeters {
	/** Counter: requests that were refused, by {@link #REASON}. */
	static final String REFUSED = "hawser.push.refused";
	private static final String REASON = "reason";

	private final MeterRegistry registry;

	ApiMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/** @param reason one of a small fixed set */
	void refused(String reason) {
		Counter.builder(REFUSED).tag(REASON, reason).description("Requests to the push API that were refused").register(registry)
				.increment();
	}
}
