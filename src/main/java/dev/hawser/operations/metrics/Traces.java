package dev.hawser.operations.metrics;

import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.handshake.HandshakeContext;
import dev.hawser.handshake.HandshakeObserver;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;

/**
 * Makes a span of each handshake, in the trace that its {@code traceparent} names, and one of each callback of the
 * connection, beneath it. Does nothing at all without a tracer.
 */
final class Traces implements HandshakeContext {
	private final @Nullable Tracer tracer;
	private final @Nullable Propagator propagator;

	/** Null for both when nothing is traced. */
	Traces(@Nullable Tracer tracer, @Nullable Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	/** Runs a handshake in a span of its own. The query, in which a token may stand, is no part of it. */
	@Override
	public void run(ServerHttpRequest request, Handshake handshake) throws Exception {
		if (tracer == null || propagator == null) {
			handshake.run();
			return;
		}
		Span span = start(propagator, request);
		try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
			span.tag("http.response.status_code", (long) handshake.run());
		}
		catch (Throwable e) {
			span.tag("http.response.status_code", 500).error(e);
			throw e;
		}
		finally {
			span.end();
		}
	}

	/** Names and tags as OpenTelemetry's conventions for HTTP servers have them. */
	private static Span start(Propagator propagator, ServerHttpRequest request) {
		URI uri = request.getURI();
		String method = request.getMethod().name();
		return propagator.extract(request.getHeaders(), HttpHeaders::getFirst).kind(Span.Kind.SERVER)
				.name(method + ' ' + uri.getPath()).tag("http.request.method", method).tag("http.route", uri.getPath())
				.tag("url.path", uri.getPath()).tag("url.scheme", uri.getScheme()).tag("network.protocol.name", "websocket").start();
	}

	/** Writes hub and outcome into the span that the handshake runs in, on the long way too, and tells the next observer. */
	HandshakeObserver outcomes(String hub, HandshakeObserver next) {
		return tracer == null ? next : new HandshakeSpanTags(tracer, hub, next);
	}

	/** For the connection that the handshake on this thread makes; null when it is in no trace. */
	@Nullable
	CallbackContext callbacks(String hub) {
		Span handshake = tracer == null ? null : tracer.currentSpan();
		return handshake == null ? null : new CallbackSpans(tracer, handshake, hub);
	}
}
