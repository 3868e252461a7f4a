package dev.hawser.operations.metrics;

import dev.hawser.handshake.HandshakeObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts how the opening handshakes of one hub end. */
final class HandshakeMetrics implements HandshakeObserver {
	private static final String CALLBACK = "callback";

	private final MeterRegistry registry;
	private final String hub;
	private final Counter accepted;
	/** By reason, and each made when it happens first. There are as many as docs/troubleshooting.md lists. */
	private final Map<String, Counter> rejections = new ConcurrentHashMap<>();
	private final Map<String, Counter> failures = new ConcurrentHashMap<>();

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
		rejections.computeIfAbsent(reason, this::rejections).increment();
	}

	@Override
	public void rejectedByCallback() {
		rejected(CALLBACK);
	}

	@Override
	public void failed() {
		failures.computeIfAbsent(CALLBACK, this::failures).increment();
	}

	private Counter rejections(String reason) {
		return counter("rejected", reason);
	}

	private Counter failures(String reason) {
		return counter("failed", reason);
	}

	private Counter counter(String outcome, String reason) {
		return Counter.builder(MetricNames.HANDSHAKES).tag(MetricNames.HUB, hub).tag(MetricNames.OUTCOME, outcome)
				.tag(MetricNames.REASON, reason)
				.description("Opening handshakes").register(registry);
	}
}
