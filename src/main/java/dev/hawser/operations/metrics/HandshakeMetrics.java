package dev.hawser.operations.metrics;

import dev.hawser.handshake.HandshakeObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts how the opening handshakes of one hub end. */
final class HandshakeMetrics implements HandshakeObserver {
	private final MeterRegistry registry;
	private final String hub;
	private final Counter accepted;

	HandshakeMetrics(MeterRegistry registry, String hub) {
		this.registry = registry;
		this.hub = hub;
		this.accepted = counter("accepted", "none");
	}

	@Override
	public void accepted() {
		accepted.increment();
	}

	@Override
	public void rejected(String reason) {
		counter("rejected", reason).increment();
	}

	@Override
	public void rejectedByCallback() {
		counter("rejected", "callback").increment();
	}

	@Override
	public void failed() {
		counter("failed", "callback").increment();
	}

	private Counter counter(String outcome, String reason) {
		return Counter.builder(MetricNames.HANDSHAKES).tag(MetricNames.HUB, hub).tag(MetricNames.OUTCOME, outcome)
				.tag(MetricNames.REASON, reason)
				.description("Opening handshakes").register(registry);
	}
}
