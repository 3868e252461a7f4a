package dev.hawser.webhook;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** Makes a span of each call, in the trace of the callback that it belongs to, and passes the trace on to the backend. */
final class CallSpans {
	private final @Nullable Tracer tracer;
	private final @Nullable Propagator propagator;

	/** Both are null when tracing is off. */
	CallSpans(@Nullable Tracer tracer, @Nullable Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	/** A call with the headers of its trace. */
	@FunctionalInterface
	interface Call {
		/** @param trace headers that the call must have */
		Answer answer(HttpFields trace) throws NoAnswerException, InterruptedException;
	}

	/** The work, for another thread, in the trace of this one. */
	Runnable inTrace(Runnable work) {
		Span span = tracer == null ? null : tracer.currentSpan();
		if (tracer == null || span == null) {
			return work;
		}
		Tracer known = tracer;
		return () -> {
			try (Tracer.SpanInScope _ = known.withSpan(span)) {
				work.run();
			}
		};
	}

	/** Names and tags follow OpenTelemetry's conventions for HTTP clients. The URL is left out: its query may be a secret. */
	Answer run(Event event, Call call) throws NoAnswerException, InterruptedException {
		if (tracer == null || propagator == null || tracer.currentSpan() == null) {
			return call.answer(HttpFields.EMPTY);
		}
		Span span = tracer.spanBuilder().kind(Span.Kind.CLIENT).name("POST " + EventNames.tag(event.name()))
				.tag("http.request.method", "POST")
				.tag("hawser.hub", event.of().hub()).tag("hawser.event", EventNames.tag(event.name())).start();
		HttpFields.Mutable trace = HttpFields.build();
		propagator.inject(span.context(), trace, (fields, name, value) -> {
			if (fields != null) {
				fields.put(name, value);
			}
		});
		try {
			Answer answer = call.answer(trace);
			span.tag("http.response.status_code", (long) answer.status());
			return answer;
		}
		catch (NoAnswerException e) {
			span.tag("error.type", e.reason().text()).error(e);
			throw e;
		}
		finally {
			span.end();
		}
	}
}
