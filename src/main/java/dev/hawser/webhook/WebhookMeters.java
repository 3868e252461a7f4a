package dev.hawser.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Counts and measures deliveries. Safe for any thread. */
final class WebhookMeters {
	/** Timer: deliveries of events with all their repetitions, by {@link #HUB}, {@link #EVENT} and {@link #OUTCOME}. */
	static final String DELIVERIES = "hawser.webhooks";
	/** Counter: calls that repeat another one, by {@link #HUB} and {@link #EVENT}. */
	static final String RETRIES = "hawser.webhooks.retries";

	private static final String HUB = "hub";
	private static final String EVENT = "event";
	private static final String OUTCOME = "outcome";

	private final MeterRegistry registry;

	WebhookMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	void delivered(String hub, String event, String outcome, long nanos) {
		registry.timer(DELIVERIES, HUB, hub, EVENT, EventNames.tag(event), OUTCOME, outcome).record(Duration.ofNanos(nanos));
	}

	void repeated(String hub, String event) {
		registry.counter(RETRIES, HUB, hub, EVENT, EventNames.tag(event)).increment();
	}
}
