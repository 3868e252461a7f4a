package dev.hawser.operations.metrics;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.SendResult;
import dev.hawser.connection.Comeback;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.connection.execution.CallbackContext;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.protocol.Opcode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Counts the traffic and the endings of one hub's connections. Meters for frequent events are looked up once, in the constructor.
 */
final class ConnectionMetrics implements ConnectionObserver {
	private final MeterRegistry registry;
	private final String hub;
	private final Traces traces;
	private final PushMetrics pushes;
	private final LongAdder open = new LongAdder();
	private final Map<Opcode, Traffic> in;
	private final Map<Opcode, Traffic> out;
	private final Counter overRate;
	private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
	private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
	private final Map<Comeback.Outcome, Counter> recoveries = new EnumMap<>(Comeback.Outcome.class);
	private final Map<CallbackKind, CallbackTimes.Series> callbacks = new EnumMap<>(CallbackKind.class);

	/**
	 * @param times  shared by all hubs
	 * @param traces makes the spans that the callbacks run in
	 */
	ConnectionMetrics(MeterRegistry registry, String hub, CallbackTimes times, Traces traces) {
		this.traces = traces;
		this.registry = registry;
		this.hub = hub;
		this.pushes = new PushMetrics(registry, hub);
		this.in = traffic("in");
		this.out = traffic("out");
		Gauge connections = Gauge.builder(MetricNames.CONNECTIONS, open, LongAdder::sum).tag(MetricNames.HUB, hub)
				.description("Open connections").register(registry);
		overRate = Counter.builder(MetricNames.OVER_RATE).tag(MetricNames.HUB, hub)
				.description("Reads that brought more than a client may send").register(registry);
		for (Comeback.Outcome outcome : Comeback.Outcome.values()) {
			recoveries.put(outcome, Counter.builder(MetricNames.RECOVERIES).tag(MetricNames.HUB, hub)
					.tag(MetricNames.OUTCOME, name(outcome)).description("Clients that came back").register(registry));
		}
		for (CallbackKind kind : CallbackKind.values()) {
			callbacks.put(kind, times.of(connections.getId().getTags(), kind)); // includes the common tags of all meters
		}
	}

	private record Ending(String code, CloseInitiator initiator) {
	}

	private record Traffic(Counter messages, Counter bytes) {
		void add(int payload) {
			messages.increment();
			bytes.increment(payload);
		}
	}

	private Map<Opcode, Traffic> traffic(String direction) {
		Map<Opcode, Traffic> byOpcode = new EnumMap<>(Opcode.class);
		for (Opcode opcode : Opcode.values()) {
			byOpcode.put(opcode, new Traffic(
					Counter.builder(MetricNames.MESSAGES).tag(MetricNames.HUB, hub).tag(MetricNames.DIRECTION, direction)
							.tag(MetricNames.KIND, name(opcode))
							.description("Messages and control frames").register(registry),
					Counter.builder(MetricNames.PAYLOAD).tag(MetricNames.HUB, hub).tag(MetricNames.DIRECTION, direction)
							.tag(MetricNames.KIND, name(opcode))
							.baseUnit("bytes").description("Payload of messages and control frames").register(registry)));
		}
		return byOpcode;
	}

	@Override
	public @Nullable CallbackContext context() {
		return traces.callbacks(hub);
	}

	@Override
	public void opened(WebSocketConnection connection) {
		open.increment();
	}

	@Override
	public void closed(WebSocketConnection connection, CloseStatus status, CloseInitiator initiator) {
		endings.computeIfAbsent(new Ending(code(status.getCode()), initiator), this::endings).increment();
		open.decrement();
	}

	private Counter endings(Ending ending) {
		return Counter.builder(MetricNames.CLOSES).tag(MetricNames.HUB, hub).tag(MetricNames.CODE, ending.code)
				.tag(MetricNames.INITIATOR, name(ending.initiator)).description("Connections that ended").register(registry);
	}

	/**
	 * The tag value for a close code. The values are few: applications and clients may use 2,000 codes of their own, and each tag
	 * value is a time series.
	 */
	private static String code(int code) {
		return code < 3000 ? Integer.toString(code) : code < 4000 ? "3xxx" : "4xxx";
	}

	@Override
	public void received(WebSocketConnection connection, Opcode opcode, int payload) {
		of(in, opcode).add(payload);
	}

	@Override
	public void sent(WebSocketConnection connection, Opcode opcode, int payload) {
		of(out, opcode).add(payload);
	}

	@Override
	public void refused(WebSocketConnection connection, SendResult result) {
		refusals.computeIfAbsent(PushMetrics.name(result), this::refusals).increment();
	}

	@Override
	public void dropped(WebSocketConnection connection, int messages) {
		refusals.computeIfAbsent("expired", this::refusals).increment(messages);
	}

	private Counter refusals(String result) {
		return Counter.builder(MetricNames.REFUSED).tag(MetricNames.HUB, hub).tag(MetricNames.RESULT, result)
				.description("Sends that were refused").register(registry);
	}

	@Override
	public void cameBack(Comeback.Outcome outcome) {
		of(recoveries, outcome).increment();
	}

	@Override
	public void pushed(WebSocketConnection connection, SendResult result) {
		pushes.pushed(result);
	}

	@Override
	public void overRate(WebSocketConnection connection) {
		overRate.increment();
	}

	@Override
	public void called(WebSocketConnection connection, CallbackKind kind, long nanos) {
		of(callbacks, kind).record(nanos);
	}

	/** The maps have a value for each constant. */
	private static <K, V> V of(Map<K, V> meters, K constant) {
		return Objects.requireNonNull(meters.get(constant));
	}

	static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}
}
