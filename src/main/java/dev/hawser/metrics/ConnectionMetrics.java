package dev.hawser.metrics;

import dev.hawser.connection.CallbackKind;
import dev.hawser.connection.CloseInitiator;
import dev.hawser.connection.ConnectionObserver;
import dev.hawser.connection.SendResult;
import dev.hawser.protocol.Opcode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.web.socket.CloseStatus;

/** Counts what connections do. Meters that a hot path needs are looked up once, here. */
public final class ConnectionMetrics implements ConnectionObserver {
	private final MeterRegistry registry;
	private final LongAdder open = new LongAdder();
	private final Map<Opcode, Traffic> in;
	private final Map<Opcode, Traffic> out;
	private final Map<CallbackKind, Timer> callbacks = new EnumMap<>(CallbackKind.class);

	public ConnectionMetrics(MeterRegistry registry) {
		this.registry = registry;
		this.in = traffic("in");
		this.out = traffic("out");
		Gauge.builder(MetricNames.CONNECTIONS, open, LongAdder::sum).description("Connections that are open").register(registry);
		for (CallbackKind kind : CallbackKind.values()) {
			callbacks.put(kind, Timer.builder(MetricNames.CALLBACKS).tag(MetricNames.CALLBACK, name(kind))
					.description("Time that callbacks took").register(registry));
		}
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
					Counter.builder(MetricNames.MESSAGES).tag(MetricNames.DIRECTION, direction).tag(MetricNames.KIND, name(opcode))
							.description("Messages and control frames").register(registry),
					Counter.builder(MetricNames.PAYLOAD).tag(MetricNames.DIRECTION, direction).tag(MetricNames.KIND, name(opcode))
							.baseUnit("bytes").description("Payload of messages and control frames").register(registry)));
		}
		return byOpcode;
	}

	@Override
	public void opened() {
		open.increment();
	}

	@Override
	public void closed(CloseStatus status, CloseInitiator initiator) {
		open.decrement();
		Counter.builder(MetricNames.CLOSES).tag(MetricNames.CODE, code(status.getCode()))
				.tag(MetricNames.INITIATOR, name(initiator)).description("Connections that ended").register(registry).increment();
	}

	/** Bounded: an application or a client may use 2,000 codes of its own, but not as 2,000 time series. */
	private static String code(int code) {
		return code < 3000 ? Integer.toString(code) : code < 4000 ? "3xxx" : "4xxx";
	}

	@Override
	public void received(Opcode opcode, int payload) {
		in.get(opcode).add(payload);
	}

	@Override
	public void sent(Opcode opcode, int payload) {
		out.get(opcode).add(payload);
	}

	@Override
	public void refused(SendResult result) {
		Counter.builder(MetricNames.REFUSED).tag(MetricNames.RESULT, name(result)).description("Sends that were refused")
				.register(registry).increment();
	}

	private static String name(SendResult result) {
		return switch (result) {
			case SendResult.Sent _ -> "sent";
			case SendResult.Queued _ -> "queued";
			case SendResult.NotFound _ -> "not-found";
			case SendResult.NotEstablished _ -> "not-established";
			case SendResult.TooLarge _ -> "too-large";
			case SendResult.Overflowed _ -> "overflowed";
		};
	}

	@Override
	public void called(CallbackKind kind, long nanos) {
		callbacks.get(kind).record(nanos, TimeUnit.NANOSECONDS);
	}

	private static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}
}
