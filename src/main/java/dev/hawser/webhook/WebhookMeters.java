package dev.hawser.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Counts and measures deliveries. Safe for any thread. */
final class WebhookMeters {
	/** Timer: deliveries of events with all their repetitions, by {@link #HUB}, {@link #EVENT} and {@link #OUTCOME}. */
	static final String DELIVERIES = "hawser.webhooks";
	/** Counter: calls that repeat another one, by {@link #HUB} and {@link #EVENT}. */
	static final String RETRIES = "hawser.webhooks.retries";

	/** Gauge: calls under way, by {@link #HUB}. */
	static final String CALLS = "hawser.webhooks.calls";
	/** Gauge: calls that wait for others to end, by {@link #HUB}. */
	static final String WAITING = "hawser.webhooks.waiting";
	/** Gauge: backends that do not take events, by {@link #HUB}. */
	static final String DOWN = "hawser.webhooks.down";
	/** Gauge: connections with events that are still to be delivered, by {@link #HUB}. */
	static final String UNDELIVERED = "hawser.webhooks.undelivered";
	/** Counter: events that were to be delivered at least once and were not, by {@link #HUB}. */
	static final String LOST = "hawser.webhooks.lost";

	private static final String HUB = "hub";
	private static final String EVENT = "event";
	private static final String OUTCOME = "outcome";

	private final MeterRegistry registry;

	WebhookMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/** Adds the gauges of a hub. */
	void watch(String hub, HubWebhooks webhooks, Redelivery redelivery) {
		Gauge.builder(UNDELIVERED, redelivery, all -> all.waiting(hub)).tag(HUB, hub).strongReference(true)
				.description("Connections with events that no backend has taken yet").register(registry);
		lost(hub, 0);
		gauge(CALLS, "Calls to backends that are under way", hub, webhooks,
				all -> all.backends().stream().mapToInt(Backend::underWay).sum());
		gauge(WAITING, "Calls to backends that wait for others to end", hub, webhooks,
				all -> all.backends().stream().mapToInt(Backend::waiting).sum());
		gauge(DOWN, "Backends that do not take events", hub, webhooks,
				all -> all.backends().stream().filter(backend -> backend.state() != Backend.State.UP).count());
	}

	private void gauge(String name, String what, String hub, HubWebhooks webhooks, ToDoubleFunction<HubWebhooks> value) {
		Gauge.builder(name, webhooks, value).tag(HUB, hub).strongReference(true).description(what).register(registry);
	}

	void delivered(String hub, String event, String outcome, long nanos) {
		Timer.builder(DELIVERIES).tags(HUB, hub, EVENT, EventNames.tag(event), OUTCOME, outcome)
				.description("Time of deliveries to backends, with all their repetitions").register(registry)
				.record(Duration.ofNanos(nanos));
	}

	void lost(String hub, int events) {
		Counter.builder(LOST).tag(HUB, hub).description("Events that were not delivered at least once, as they should").register(registry)
				.increment(events);
	}

	void repeated(String hub, String event) {
		Counter.builder(RETRIES).tags(HUB, hub, EVENT, EventNames.tag(event)).description("Calls to backends that repeat another one")
				.register(registry).increment();
	}
}
