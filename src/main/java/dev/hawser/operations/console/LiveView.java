package dev.hawser.operations.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.operations.Drain;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** What the first view of the page shows of this node. */
final class LiveView {
	private final Hubs hubs;
	private final MeterRegistry meters;
	private final History history;
	private final Drain drain;
	private final KnownNodes nodes;
	private final Supplier<@Nullable HealthIndicator> backends;
	private final InstantSource clock;

	/** @param limit the most connections of the hub; null for any number */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record OfHub(String name, long connections, @Nullable Integer limit) {
	}

	/**
	 * @param name  the property of its entry
	 * @param state {@code up}, or how it is in trouble: {@code open} if its breaker stops calls
	 */
	record Backend(String name, String state) {
	}

	/**
	 * @param samples     those that the page does not have yet
	 * @param refused     handshakes refused since the start, by reason
	 * @param calls       calls to backends that are under way, by hub; {@code waiting} likewise
	 * @param deadLetters by hub
	 */
	record State(long now, List<History.Sample> samples, List<OfHub> hubs, Map<String, Double> refused, List<Backend> backends,
			Map<String, Long> calls, Map<String, Long> waiting, Map<String, Long> deadLetters, Drain.Progress drain,
			List<KnownNodes.Node> nodes) {
	}

	/** @param backends has the state of each backend among its details; null for none */
	LiveView(Hubs hubs, MeterRegistry meters, History history, Drain drain, KnownNodes nodes, Supplier<@Nullable HealthIndicator> backends,
			InstantSource clock) {
		this.hubs = hubs;
		this.meters = meters;
		this.history = history;
		this.drain = drain;
		this.nodes = nodes;
		this.backends = backends;
		this.clock = clock;
	}

	/** @param moment of the last sample that the page has, in milliseconds since 1970 */
	State since(long moment) {
		Map<String, Long> open = history.connections();
		return new State(clock.millis(), history.after(moment), hubs.all().stream().map(hub -> hub(hub, open)).toList(), history.refused(),
				backends(), byHub("hawser.webhooks.calls"), byHub("hawser.webhooks.waiting"), byHub("hawser.webhooks.deadletters"),
				drain.progress(), nodes.all());
	}

	private static OfHub hub(Hub hub, Map<String, Long> open) {
		int limit = hub.settings().limits().connections();
		return new OfHub(hub.name(), open.getOrDefault(hub.name(), 0L), limit == 0 ? null : limit);
	}

	private List<Backend> backends() {
		HealthIndicator known = backends.get();
		Health health = known == null ? null : known.health();
		if (health == null) {
			return List.of();
		}
		return health.getDetails().entrySet().stream()
				.map(one -> new Backend(one.getKey(), String.valueOf(one.getValue()).toLowerCase(Locale.ROOT))).toList();
	}

	/** The values of a gauge that are not 0. */
	private Map<String, Long> byHub(String gauge) {
		return meters.find(gauge).gauges().stream().filter(each -> each.value() > 0)
				.collect(Collectors.toMap(LiveView::hub, each -> (long) each.value(), Long::sum, TreeMap::new));
	}

	private static String hub(Gauge gauge) {
		return Objects.requireNonNullElse(gauge.getId().getTag("hub"), "");
	}
}
