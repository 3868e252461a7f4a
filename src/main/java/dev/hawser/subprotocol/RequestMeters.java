package dev.hawser.subprotocol;

import dev.hawser.connection.Hub;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests of clients with a subprotocol. Costs a look-up and an increment for each. Safe for any thread. */
final class RequestMeters {
	/** Counter: requests by {@code hub}, {@code type} and {@code result}. */
	static final String REQUESTS = "hawser.subprotocol.requests";
	private static final String DONE = "done";

	private final MeterRegistry registry;
	private final Map<Key, LongAdder> counters = new ConcurrentHashMap<>();

	private record Key(Hub hub, String type, String result) {
	}

	RequestMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/** The request was carried out. */
	void done(Hub hub, Request request) {
		count(hub, type(request), DONE);
	}

	/** The request was not carried out. */
	void failed(Hub hub, Request request, Failure failure) {
		count(hub, type(request), switch (failure) {
			case FORBIDDEN -> "forbidden";
			case DUPLICATE -> "duplicate";
			case INTERNAL -> "failed";
		});
	}

	/** A message was no request. */
	void invalid(Hub hub) {
		count(hub, "unknown", "invalid");
	}

	private void count(Hub hub, String type, String result) {
		counters.computeIfAbsent(new Key(hub, type, result), this::counter).increment();
	}

	private LongAdder counter(Key key) {
		LongAdder counter = new LongAdder();
		FunctionCounter.builder(REQUESTS, counter, LongAdder::sum).tag("hub", key.hub().name()).tag("type", key.type())
				.tag("result", key.result()).description("Requests of clients with a subprotocol").register(registry);
		return counter;
	}

	/** As clients call it. */
	private static String type(Request request) {
		return switch (request) {
			case Request.JoinGroup _ -> "joinGroup";
			case Request.LeaveGroup _ -> "leaveGroup";
			case Request.SendToGroup _ -> "sendToGroup";
			case Request.Event _ -> "event";
			case Request.Invoke _ -> "invoke";
			case Request.CancelInvocation _ -> "cancelInvocation";
			case Request.Ping _ -> "ping";
			case Request.SequenceAck _ -> "sequenceAck";
		};
	}
}
