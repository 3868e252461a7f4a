package dev.hawser.operations.metrics;

import dev.hawser.handshake.HandshakeObserver;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

/** Tags the spans of one hub's handshakes with their outcome, in the same words as the counters. */
final class HandshakeSpanTags implements HandshakeObserver {
	private final Tracer tracer;
	private final String hub;
	private final HandshakeObserver next;

	HandshakeSpanTags(Tracer tracer, String hub, HandshakeObserver next) {
		this.tracer = tracer;
		this.hub = hub;
		this.next = next;
	}

	@Override
	public void accepted() {
		tag("accepted", "none");
		next.accepted();
	}

	@Override
	public void rejected(String reason) {
		tag("rejected", reason);
		next.rejected(reason);
	}

	@Override
	public void rejectedByCallback() {
		tag("rejected", "callback");
		next.rejectedByCallback();
	}

	@Override
	public void failed() {
		tag("failed", "callback");
		next.failed();
	}

	private void tag(String outcome, String reason) {
		Span span = tracer.currentSpan();
		if (span != null) {
			span.tag("hawser." + MetricNames.HUB, hub).tag("hawser." + MetricNames.OUTCOME, outcome)
					.tag("hawser." + MetricNames.REASON, reason);
		}
	}
}
