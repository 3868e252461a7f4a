package dev.hawser.operations.metrics;

import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.log.QueuedLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Meters whose values are computed when they are read, so that connections need not count them. */
final class NodeGauges implements MeterBinder {
	private final List<Hub> hubs;
	private final Connections connections;
	private final MemoryBudget memory;
	private final BooleanSupplier draining;

	/** @param draining whether this node is being drained */
	NodeGauges(Collection<Hub> hubs, Connections connections, MemoryBudget memory, BooleanSupplier draining) {
		this.memory = memory;
		this.hubs = List.copyOf(hubs);
		this.connections = connections;
		this.draining = draining;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		QueuedBytes queued = new QueuedBytes(connections::queuedBytes, System::nanoTime);
		for (Hub hub : hubs) {
			Gauge.builder(MetricNames.OUTBOX, () -> queued.of(hub)).tag(MetricNames.HUB, hub.name())
					.baseUnit(BaseUnits.BYTES).description("Bytes that wait for clients that read slowly").register(registry);
			Gauge.builder(MetricNames.AWAY, hub, Hub::away).tag(MetricNames.HUB, hub.name())
					.description("Connections whose clients are away and may come back").register(registry);
			Gauge.builder(MetricNames.UNCONFIRMED, hub, Hub::unconfirmedBytes).tag(MetricNames.HUB, hub.name())
					.baseUnit(BaseUnits.BYTES).description("Bytes that are kept until clients confirm them").register(registry);
			Gauge.builder(MetricNames.CONNECTIONS_MAX, () -> limit(hub)).tag(MetricNames.HUB, hub.name())
					.description("Connections that the hub takes; NaN for any number").register(registry);
		}
		Gauge.builder(MetricNames.MEMORY, memory, MemoryBudget::held).baseUnit(BaseUnits.BYTES)
				.description("Memory that clients make the server hold").register(registry);
		Gauge.builder(MetricNames.MEMORY_MAX, memory, MemoryBudget::most).baseUnit(BaseUnits.BYTES)
				.description("Memory that clients may make the server hold").register(registry);
		FunctionCounter.builder(MetricNames.MEMORY_ENDED, memory, MemoryBudget::ended)
				.description("Connections and requests that were ended because memory was short").register(registry);
		FunctionCounter.builder(MetricNames.LOG_LEFT_OUT, QueuedLog.class, _ -> QueuedLog.leftOut())
				.description("Entries that the log, or the access log, has left out since it could not be written").register(registry);
		Gauge.builder(MetricNames.DRAINING, () -> draining.getAsBoolean() ? 1 : 0).description("1 while this node is drained")
				.register(registry);
	}

	private static double limit(Hub hub) {
		int limit = hub.settings().limits().connections();
		return limit > 0 ? limit : Double.NaN;
	}
}
