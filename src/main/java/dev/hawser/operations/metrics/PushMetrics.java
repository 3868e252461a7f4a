package dev.hawser.operations.metrics;

import dev.hawser.api.SendResult;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Counts the results of pushes. Costs one increment for each push and nothing else, since every echoed message is a push. */
final class PushMetrics {
	private final LongAdder sent;
	private final LongAdder queued;
	private final LongAdder notFound;
	private final LongAdder notEstablished;
	private final LongAdder tooLarge;
	private final LongAdder overflowed;
	private final LongAdder alreadyAnswered;

	PushMetrics(MeterRegistry registry, String hub) {
		this.sent = counter(registry, hub, SendResult.SENT);
		this.queued = counter(registry, hub, new SendResult.Queued(0));
		this.notFound = counter(registry, hub, SendResult.NOT_FOUND);
		this.notEstablished = counter(registry, hub, SendResult.NOT_ESTABLISHED);
		this.tooLarge = counter(registry, hub, new SendResult.TooLarge(0));
		this.overflowed = counter(registry, hub, new SendResult.Overflowed(0));
		this.alreadyAnswered = counter(registry, hub, SendResult.ALREADY_ANSWERED);
	}

	private static LongAdder counter(MeterRegistry registry, String hub, SendResult result) {
		LongAdder counter = new LongAdder();
		FunctionCounter.builder(MetricNames.PUSHES, counter, LongAdder::sum).tag(MetricNames.HUB, hub)
				.tag(MetricNames.RESULT, name(result)).description("Pushes, pings and disconnects").register(registry);
		return counter;
	}

	void pushed(SendResult result) {
		if (result == SendResult.SENT) {
			sent.increment();
			return;
		}
		of(result).increment();
	}

	private LongAdder of(SendResult result) {
		return switch (result) {
			case SendResult.Sent _ -> sent;
			case SendResult.Queued _ -> queued;
			case SendResult.NotFound _ -> notFound;
			case SendResult.NotEstablished _ -> notEstablished;
			case SendResult.TooLarge _ -> tooLarge;
			case SendResult.Overflowed _ -> overflowed;
			case SendResult.AlreadyAnswered _ -> alreadyAnswered;
		};
	}

	static String name(SendResult result) {
		return switch (result) {
			case SendResult.Sent _ -> "sent";
			case SendResult.Queued _ -> "queued";
			case SendResult.NotFound _ -> "not-found";
			case SendResult.NotEstablished _ -> "not-established";
			case SendResult.TooLarge _ -> "too-large";
			case SendResult.Overflowed _ -> "overflowed";
			case SendResult.AlreadyAnswered _ -> "already-answered";
		};
	}
}
