package dev.hawser.application;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The entries of the log, counted for Micrometer's meter {@code logback.events} by the filter that {@link SecretFreeLogging} adds.
 * Micrometer would add a second filter, and with two of them Logback copies its list of filters at each check of a level: 70 ns instead of 8.
 */
final class LogCounts extends LogbackMetrics {
	private static final Map<Level, LongAdder> COUNTS = Map.of(Level.ERROR, new LongAdder(), Level.WARN, new LongAdder(), Level.INFO,
			new LongAdder(), Level.DEBUG, new LongAdder(), Level.TRACE, new LongAdder());

	/** One more entry of this level. Any thread may call; logs nothing. */
	static void add(Level level) {
		LongAdder count = COUNTS.get(level);
		if (count != null) {
			count.increment();
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		COUNTS.forEach((level, count) -> FunctionCounter.builder("logback.events", count, LongAdder::sum)
				.tag("level", level.levelStr.toLowerCase(Locale.ROOT)).baseUnit(BaseUnits.EVENTS)
				.description("Log events that were enabled by the effective log level").register(registry));
	}
}
