package dev.hawser.operations.console;

import dev.hawser.operations.CallbackTotals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** What this node has done in the last hour, from its meters, in steps of ten seconds. Safe for any thread. */
final class History implements ApplicationListener<ApplicationReadyEvent>, AutoCloseable {
	static final Duration STEP = Duration.ofSeconds(10);
	private static final int MOST = 360;
	private static final double NANOS_PER_MILLI = 1e6;

	private final Supplier<MeterRegistry> meters;
	private final Supplier<CallbackTotals> callbacks;
	private final InstantSource clock;
	private final ReentrantLock lock = new ReentrantLock();
	private final Deque<Sample> samples = new ArrayDeque<>();
	private Totals last = new Totals(0, 0, 0, 0, 0, new Latency(0, 0), new Latency(0, 0));
	private final CountDownLatch over = new CountDownLatch(1);

	/**
	 * Ten seconds.
	 *
	 * @param at          when they ended, in milliseconds since 1970
	 * @param connections open connections at that moment
	 * @param messagesIn  messages a second that came, the others likewise
	 * @param refused     handshakes refused a second
	 * @param callbackMs  milliseconds that a callback took on average, 0 when there was none; calls of backends likewise
	 */
	record Sample(long at, double connections, double messagesIn, double messagesOut, double bytesIn, double bytesOut, double refused,
			double callbackMs, double webhookMs) {
	}

	private record Latency(double millis, long calls) {
		double since(Latency before) {
			return calls <= before.calls ? 0 : (millis - before.millis) / (calls - before.calls);
		}
	}

	private record Totals(double messagesIn, double messagesOut, double bytesIn, double bytesOut, double refused, Latency callbacks,
			Latency webhooks) {
	}

	/** The suppliers are asked when the server is ready, since a listener is made before what it listens to. */
	History(Supplier<MeterRegistry> meters, Supplier<CallbackTotals> callbacks, InstantSource clock) {
		this.meters = meters;
		this.callbacks = callbacks;
		this.clock = clock;
	}

	/** The samples, the oldest first. */
	List<Sample> samples() {
		lock.lock();
		try {
			return new ArrayList<>(samples);
		}
		finally {
			lock.unlock();
		}
	}

	/** Takes a sample of the time since the one before. */
	void sample() {
		Totals now = new Totals(messages("in"), messages("out"), payload("in"), payload("out"),
				counted(meters.get().find("hawser.handshakes").tag("outcome", outcome -> !"accepted".equals(outcome)).counters()),
				new Latency(callbacks.get().nanos() / NANOS_PER_MILLI, callbacks.get().calls()), webhooks());
		double connections = meters.get().find("hawser.connections").gauges().stream().mapToDouble(Gauge::value).sum();
		double seconds = STEP.toSeconds();
		lock.lock();
		try {
			samples.addLast(new Sample(clock.millis(), connections, (now.messagesIn - last.messagesIn) / seconds,
					(now.messagesOut - last.messagesOut) / seconds, (now.bytesIn - last.bytesIn) / seconds,
					(now.bytesOut - last.bytesOut) / seconds, (now.refused - last.refused) / seconds, now.callbacks.since(last.callbacks),
					now.webhooks.since(last.webhooks)));
			if (samples.size() > MOST) {
				samples.removeFirst();
			}
			last = now;
		}
		finally {
			lock.unlock();
		}
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
