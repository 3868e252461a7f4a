package dev.hawser.operations.metrics;

import dev.hawser.api.SendResult;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hubs;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.operations.Drain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The observers that count, measure and trace what happens in the other rooms. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

	@Bean("hawserTraces")
	Traces traces(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
		return new Traces(tracer.getIfAvailable(), propagator.getIfAvailable());
	}

	@Bean("hawserCallbackTimes")
	CallbackTimes callbackTimes(MeterRegistry registry) {
		return new CallbackTimes(registry);
	}

	@Bean("hawserConnectionMetrics")
	ConnectionObserver.Factory connectionMetrics(MeterRegistry registry, CallbackTimes times, Traces traces) {
		PushMetrics ofNoHub = new PushMetrics(registry, MetricNames.NO_HUB);
		return new ConnectionObserver.Factory() {
			@Override
			public ConnectionObserver ofHub(String hub) {
				return new ConnectionMetrics(registry, hub, times, traces);
			}

			@Override
			public void pushedInVain(SendResult result) {
				ofNoHub.pushed(result);
			}
		};
	}

	@Bean("hawserHandshakeMetrics")
	HandshakeObserver.Factory handshakeMetrics(MeterRegistry registry, Traces traces) {
		return new HandshakeObserver.Factory() {
			@Override
			public HandshakeObserver ofHub(String hub) {
				return traces.outcomes(hub, new HandshakeMetrics(registry, hub));
			}

			@Override
			public HandshakeObserver ofNoHub() {
				return new HandshakeMetrics(registry, MetricNames.NO_HUB);
			}
		};
	}

	/** The health endpoint shows this as {@code hubs}: the bean's name without its suffix. */
	@Bean
	HubsHealth hubsHealthIndicator(Hubs hubs) {
		return new HubsHealth(hubs.all());
	}

	@Bean("hawserNodeGauges")
	NodeGauges nodeGauges(Hubs hubs, Connections connections, MemoryBudget memory, Drain drain) {
		return new NodeGauges(hubs.all(), connections, memory, () -> drain.progress().state() != Drain.State.SERVING);
	}
}
