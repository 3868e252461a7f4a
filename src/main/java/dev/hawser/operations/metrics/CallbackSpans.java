package dev.hawser.operations.metrics;

import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;

/**
 * Runs the callbacks of one connection in the trace of its handshake. Each callback is a child span of the handshake's. Since a
 * connection may live for days, only the first {@link #SPANS} callbacks get a span; later ones, and those of a trace that is not
 * sampled, run in the handshake's own span.
 */
final class CallbackSpans implements CallbackContext {
	/** Most callback spans of one connection: a trace with more is hard to read. */
	static final int SPANS = 1000;

	private final Tracer tracer;
	private final Span handshake;
	private final String hub;
	private int spans;

	CallbackSpans(Tracer tracer, Span handshake, String hub) {
		this.tracer = tracer;
		this.handshake = handshake;
		this.hub = hub;
	}

	@Override
	public Scope enter(CallbackKind kind) {
		Span next = Boolean.FALSE.equals(handshake.context().sampled()) || spans == SPANS ? null : tracer.nextSpan(handshake);
		if (next == null) {
			return new InHandshake(tracer.withSpan(handshake));
		}
		spans++;
		Span span = next.name("hawser " + ConnectionMetrics.name(kind)).tag("hawser." + MetricNames.HUB, hub)
				.tag("hawser." + MetricNames.CALLBACK, ConnectionMetrics.name(kind)).start();
		return new InSpan(span, tracer.withSpan(span));
	}

	private record InSpan(Span span, Tracer.SpanInScope scope) implements Scope {
		@Override
		public void failed(Throwable cause) {
			span.error(cause);
		}

		@Override
		public void close() {
			scope.close();
			span.end();
		}
	}

	private record InHandshake(Tracer.SpanInScope scope) implements Scope {
		@Override
		public void failed(Throwable cause) {
			// the handshake's span has already ended
		}

		@Override
		public void close() {
			scope.close();
		}
	}
}
