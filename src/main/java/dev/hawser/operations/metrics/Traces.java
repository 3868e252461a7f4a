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
 * Makes a span of each handshake, in the trace that its {@code traceparent} names, and a child span of each callback of the
 * connection. Does nothing without a tracer.
 */
final class Traces implements HandshakeContext {
	private final @Nullable Tracer tracer;
	private final @Nullable Propagator propagator;

	/** Both are null when tracing is off. */
	Traces(@Nullable Tracer tracer, @Nullable Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	/** Runs a handshake in a span of its own. The span does not contain the query, which may hold a token. */
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

	/** Names and tags follow OpenTelemetry's conventions for HTTP servers. */
	private static Span start(Propagator propagator, ServerHttpRequest request) {
		URI uri = request.getURI();
		String method = request.getMethod().name();
		return propagator.extract(request.getHeaders(), HttpHeaders::getFirst).kind(Span.Kind.SERVER)
				.name(method + ' ' + uri.getPath()).tag("http.request.method", method).tag("http.route", uri.getPath())
				.tag("url.path", uri.getPath()).tag("url.scheme", uri.getScheme()).tag("network.protocol.name", "websocket").start();
	}

	/**
	 * An observer that writes hub and outcome into the span of the handshake and then tells the next observer. Works for handshakes
	 * through Spring MVC as well.
	 */
	HandshakeObserver outcomes(String hub, HandshakeObserver next) {
		return tracer == null ? next : new HandshakeSpanTags(tracer, hub, next);
	}

	/**
	 * The context for the callbacks of the connection that the handshake on this thread opens; null when the handshake is not
	 * traced.
	 */
	@Nullable
	CallbackContext callbacks(String hub) {
		if (tracer == null) {
			return null;
		}
		Span handshake = tracer.currentSpan();
		return handshake == null ? null : new CallbackSpans(tracer, handshake, hub);
	}
}
