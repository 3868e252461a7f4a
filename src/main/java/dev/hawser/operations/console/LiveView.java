package dev.hawser.operations.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.operations.Drain;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the first view of the page shows of this node. */
final class LiveView {
	private final Hubs hubs;
	private final MeterRegistry meters;
	private final History history;
	private final Drain drain;
	private final KnownNodes nodes;
	private final InstantSource clock;

	/** @param limit the most connections of the hub; null for any number */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record OfHub(String name, long connections, @Nullable Integer limit) {
	}

	/** Backends of a hub that are in a state of their breaker. */
	record OfBackends(String hub, String state, long backends) {
	}

	/** @param refused handshakes refused since the start, by reason */
	record State(long now, List<History.Sample> samples, List<OfHub> hubs, Map<String, Long> refused, List<OfBackends> backends,
			Map<String, Long> deadLetters, Drain.Progress drain, List<KnownNodes.Node> nodes) {
	}

	LiveView(Hubs hubs, MeterRegistry meters, History history, Drain drain, KnownNodes nodes, InstantSource clock) {
		this.nodes = nodes;
		this.hubs = hubs;
		this.meters = meters;
		this.history = history;
		this.drain = drain;
		this.clock = clock;
	}

	State now() {
		return new State(clock.millis(), history.samples(), hubs.all().stream().map(this::hub).toList(), refused(), backends(),
				meters.find("hawser.webhooks.deadletters").gauges().stream().filter(gauge -> gauge.value() > 0)
						.collect(Collectors.toMap(gauge -> tag(gauge, "hub"), gauge -> (long) gauge.value(), Long::sum, TreeMap::new)),
				drain.progress(), nodes.all());
	}

	private OfHub hub(Hub hub) {
		int limit = hub.settings().limits().connections();
		return new OfHub(hub.name(), (long) meters.find("hawser.connections").tag("hub", hub.name()).gauges().stream()
				.mapToDouble(Gauge::value).sum(), limit == 0 ? null : limit);
	}

	private Map<String, Long> refused() {
		return meters.find("hawser.handshakes").tag("outcome", outcome -> !"accepted".equals(outcome)).counters().stream()
				.collect(Collectors.toMap(counter -> Objects.requireNonNullElse(counter.getId().getTag("reason"), ""),
						counter -> (long) counter.count(), Long::sum, TreeMap::new));
	}

	private List<OfBackends> backends() {
		return meters.find("hawser.webhooks.backends").gauges().stream().filter(gauge -> gauge.value() > 0)
				.map(gauge -> new OfBackends(tag(gauge, "hub"), tag(gauge, "state"), (long) gauge.value())).toList();
	}

	private static String tag(Gauge gauge, String name) {
		return Objects.requireNonNullElse(gauge.getId().getTag(name), "");
	}
}
