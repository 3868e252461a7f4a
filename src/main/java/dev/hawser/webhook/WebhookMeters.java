package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetter.Why;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
	/** Gauge: seconds for which the oldest of these events has waited, by {@link #HUB}. */
	static final String OLDEST = "hawser.webhooks.oldest";
	/** Counter: events that became dead letters, by {@link #HUB} and {@link #WHY}. */
	static final String DEAD = "hawser.webhooks.dead";
	/** Gauge: dead letters that are kept, by {@link #HUB}. */
	static final String DEAD_LETTERS = "hawser.webhooks.deadletters";
	/** Counter: dead letters that had to make room for newer ones, by {@link #HUB}. */
	static final String LOST = "hawser.webhooks.lost";
	/** Gauge: bytes of the file with what has to be delivered; 0 without a folder. */
	static final String STORE = "hawser.webhooks.store";
	/** Gauge: 1 while there is a file, and what has to be delivered does not get into it. */
	static final String STORE_DOWN = "hawser.webhooks.store.down";
	/** Gauge: backends in a state, by {@link #HUB} and {@link #STATE}. */
	static final String BACKENDS = "hawser.webhooks.backends";

	private static final String HUB = "hub";
	private static final String EVENT = "event";
	private static final String OUTCOME = "outcome";
	private static final String WHY = "why";
	private static final String STATE = "state";

	private static final double MILLIS_PER_SECOND = 1_000;

	private final MeterRegistry registry;
	private final List<FailedDelivery.Listener> listeners;

	WebhookMeters(MeterRegistry registry) {
		this(registry, List.of());
	}

	/** @param listeners told of what backends do not take */
	WebhookMeters(MeterRegistry registry, List<FailedDelivery.Listener> listeners) {
		this.registry = registry;
		this.listeners = listeners;
	}

	/** Adds the gauges of a hub. */
	void watch(String hub, HubWebhooks webhooks, Undelivered undelivered) {
		Gauge.builder(UNDELIVERED, undelivered, all -> all.redelivery().waiting(hub)).tag(HUB, hub).strongReference(true)
				.description("Connections with events that no backend has taken yet").register(registry);
		Gauge.builder(OLDEST, undelivered, all -> all.redelivery().longest(hub).toMillis() / MILLIS_PER_SECOND).tag(HUB, hub)
				.baseUnit("seconds").strongReference(true).description("How long the oldest of these events has waited").register(registry);
		Gauge.builder(DEAD_LETTERS, undelivered, all -> all.dead().count(hub)).tag(HUB, hub).strongReference(true)
				.description("Events that are not tried any more, and wait for an operator").register(registry);
		for (Why why : Why.values()) {
			dead(hub, why).increment(0);
		}
		lost(hub, 0);
		List.of(EventNames.CONNECT, EventNames.CONNECTED, EventNames.DISCONNECTED, EventNames.MESSAGE)
				.forEach(event -> repetitions(hub, event).increment(0));
		gauge(CALLS, "Calls to backends that are under way", hub, webhooks,
				all -> all.backends().stream().mapToInt(Backend::underWay).sum());
		gauge(WAITING, "Calls to backends that wait for others to end", hub, webhooks,
				all -> all.backends().stream().mapToInt(Backend::waiting).sum());
		gauge(DOWN, "Backends that do not take events", hub, webhooks,
				all -> all.backends().stream().filter(backend -> backend.state() != Backend.State.UP).count());
		for (Backend.State state : Backend.State.values()) {
			Gauge.builder(BACKENDS, webhooks, all -> all.backends().stream().filter(backend -> backend.state() == state).count())
					.tags(HUB, hub, STATE, state.name().toLowerCase(Locale.ROOT)).strongReference(true)
					.description("Backends in each state").register(registry);
		}
	}

	/** Adds the gauge of the file. */
	void watch(EventStore store) {
		Gauge.builder(STORE, store, EventStore::size).baseUnit("bytes").strongReference(true)
				.description("Size of the file with what has to be delivered").register(registry);
		Gauge.builder(STORE_DOWN, store, file -> file.isFailing() ? 1 : 0).strongReference(true)
				.description("1 while what has to be delivered does not get into the file").register(registry);
	}

	private void gauge(String name, String what, String hub, HubWebhooks webhooks, ToDoubleFunction<HubWebhooks> value) {
		Gauge.builder(name, webhooks, value).tag(HUB, hub).strongReference(true).description(what).register(registry);
	}

	void delivered(String hub, String event, String outcome, long nanos) {
		Timer.builder(DELIVERIES).tags(HUB, hub, EVENT, EventNames.tag(event), OUTCOME, outcome)
				.description("Time of deliveries to backends, with all their repetitions").register(registry)
				.record(Duration.ofNanos(nanos));
	}

	void failed(FailedDelivery delivery) {
		listeners.forEach(listener -> listener.failed(delivery));
	}

	void died(String hub, Why why) {
		dead(hub, why).increment();
	}

	private Counter dead(String hub, Why why) {
		return Counter.builder(DEAD).tags(HUB, hub, WHY, why.text()).description("Events that became dead letters").register(registry);
	}

	void lost(String hub, int events) {
		Counter.builder(LOST).tag(HUB, hub).description("Dead letters that had to make room for newer ones").register(registry)
				.increment(events);
	}

	void repeated(String hub, String event) {
		repetitions(hub, event).increment();
	}

	private Counter repetitions(String hub, String event) {
		return Counter.builder(RETRIES).tags(HUB, hub, EVENT, EventNames.tag(event))
				.description("Calls to backends that repeat another one")
				.register(registry);
	}
}
