package dev.hawser.operations.console;

import dev.hawser.operations.CallbackTotals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** What this node has done in the last hour, from its meters, in steps of ten seconds. Safe for any thread. */
final class History implements ApplicationListener<ApplicationReadyEvent>, AutoCloseable {
	static final Duration STEP = Duration.ofSeconds(10);
	private static final int MOST = 360;
	/** About 32 bytes each, 360 times: 3.5 MB at most. */
	private static final int MOST_HUBS = 300;
	private static final double NANOS_PER_MILLI = 1e6;

	private final Supplier<MeterRegistry> meters;
	private final Supplier<CallbackTotals> callbacks;
	private final InstantSource clock;
	private final ReentrantLock lock = new ReentrantLock();
	private final Deque<Sample> samples = new ArrayDeque<>();
	private Totals last = new Totals(0, 0, 0, 0, Map.of(), new Latency(0, 0), new Latency(0, 0));
	private final CountDownLatch over = new CountDownLatch(1);

	/**
	 * Ten seconds.
	 *
	 * @param at          when they ended, in milliseconds since 1970
	 * @param connections open connections at that moment
	 * @param messagesIn  messages a second that came, the others likewise
	 * @param refused     handshakes refused a second
	 * @param callbackMs  milliseconds that a callback took on average, 0 when there was none; calls of backends likewise
	 * @param reasons     handshakes refused a second by reason, for the reasons that there were
	 * @param hubs        open connections of the hubs that had most
	 */
	record Sample(long at, double connections, double messagesIn, double messagesOut, double bytesIn, double bytesOut, double refused,
			double callbackMs, double webhookMs, Map<String, Double> reasons, Map<String, Long> hubs) {
	}

	private record Latency(double millis, long calls) {
		double since(Latency before) {
			return calls <= before.calls ? 0 : (millis - before.millis) / (calls - before.calls);
		}
	}

	private record Totals(double messagesIn, double messagesOut, double bytesIn, double bytesOut, Map<String, Double> refused,
			Latency callbacks, Latency webhooks) {

		/** By reason, in a second; only what there was. */
		Map<String, Double> refusedSince(Totals before) {
			Map<String, Double> since = new TreeMap<>(refused);
			since.replaceAll((reason, count) -> (count - before.refused.getOrDefault(reason, 0.0)) / STEP.toSeconds());
			since.values().removeIf(rate -> rate <= 0);
			return since;
		}
	}

	/** The suppliers are asked when the server is ready, since a listener is made before what it listens to. */
	History(Supplier<MeterRegistry> meters, Supplier<CallbackTotals> callbacks, InstantSource clock) {
		this.meters = meters;
		this.callbacks = callbacks;
		this.clock = clock;
	}

	/** The samples after a moment in milliseconds since 1970, the oldest first. */
	List<Sample> after(long moment) {
		lock.lock();
		try {
			return samples.stream().filter(sample -> sample.at > moment).toList();
		}
		finally {
			lock.unlock();
		}
	}

	/** Open connections by hub, for hubs that have some. */
	Map<String, Long> connections() {
		Map<String, Long> open = meters.get().find("hawser.connections").gauges().stream()
				.collect(Collectors.toMap(gauge -> tag(gauge, "hub"), History::value, Long::sum, TreeMap::new));
		open.values().removeIf(count -> count == 0);
		return open;
	}

	/** Handshakes refused since the start, by reason. */
	Map<String, Double> refused() {
		return meters.get().find("hawser.handshakes").tag("outcome", outcome -> !"accepted".equals(outcome)).counters().stream()
				.collect(Collectors.toMap(counter -> tag(counter, "reason"), Counter::count, Double::sum, TreeMap::new));
	}

	private static String tag(Meter meter, String name) {
		return Objects.requireNonNullElse(meter.getId().getTag(name), "");
	}

	private static long value(Gauge gauge) {
		return (long) gauge.value();
	}

	/** Takes a sample of the time since the one before. */
	void sample() {
		Totals now = new Totals(messages("in"), messages("out"), payload("in"), payload("out"), refused(),
				new Latency(callbacks.get().nanos() / NANOS_PER_MILLI, callbacks.get().calls()), webhooks());
		Map<String, Long> hubs = connections();
		double connections = hubs.values().stream().mapToLong(Long::longValue).sum();
		lock.lock();
		try {
			Map<String, Double> reasons = now.refusedSince(last);
			samples.addLast(new Sample(clock.millis(), connections, rate(now.messagesIn, last.messagesIn),
					rate(now.messagesOut, last.messagesOut), rate(now.bytesIn, last.bytesIn), rate(now.bytesOut, last.bytesOut),
					reasons.values().stream().mapToDouble(Double::doubleValue).sum(), now.callbacks.since(last.callbacks),
					now.webhooks.since(last.webhooks), reasons, largest(hubs)));
			if (samples.size() > MOST) {
				samples.removeFirst();
			}
			last = now;
		}
		finally {
			lock.unlock();
		}
	}

	private static double rate(double now, double before) {
		return (now - before) / STEP.toSeconds();
	}

	private static Map<String, Long> largest(Map<String, Long> hubs) {
		return hubs.size() <= MOST_HUBS ? Map.copyOf(hubs)
				: hubs.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())).limit(MOST_HUBS)
						.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	private double messages(String direction) {
		return counted(meters.get().find("hawser.messages").tag("direction", direction)
				.tag("kind", kind -> "text".equals(kind) || "binary".equals(kind))
				.counters());
	}

	private double payload(String direction) {
		return counted(meters.get().find("hawser.payload").tag("direction", direction).counters());
	}

	private static double counted(Collection<Counter> counters) {
		return counters.stream().mapToDouble(Counter::count).sum();
	}

	private Latency webhooks() {
		Collection<Timer> timers = meters.get().find("hawser.webhooks").timers();
		return new Latency(timers.stream().mapToDouble(timer -> timer.totalTime(TimeUnit.MILLISECONDS)).sum(),
				timers.stream().mapToLong(Timer::count).sum());
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		Thread.ofVirtual().name("hawser-console").start(this::run);
	}

	private void run() {
		try {
			while (!over.await(STEP.toSeconds(), TimeUnit.SECONDS)) {
				sample();
			}
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt(); // only the end of the process interrupts it
		}
	}

	/** Takes no more samples. */
	@Override
	public void close() {
		over.countDown();
	}
}
