package dev.hawser.operations.metrics;

import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.operations.CallbackTotals;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures the time that callbacks take, in buckets. A message costs two increments. Micrometer's own timers with buckets cost
 * more: they read the clock twice more, and all threads write to one array. Registries other than Prometheus' get count and sum
 * only.
 */
final class CallbackTimes implements CallbackTotals {
	/** Bounds of the buckets: from work in memory, over a query to a nearby database, to a wait that a user notices. */
	private static final double[] SECONDS = { 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, Double.POSITIVE_INFINITY };
	private static final long[] NANOS = Arrays.stream(SECONDS).mapToLong(seconds -> (long) (seconds * 1e9)).toArray();
	private static final String DESCRIPTION = "Time that callbacks took";

	private final MeterRegistry registry;
	private final List<Series> all = new CopyOnWriteArrayList<>();

	CallbackTimes(MeterRegistry registry) {
		this.registry = registry;
		for (MeterRegistry one : registries()) {
			if (one instanceof PrometheusMeterRegistry prometheus) {
				prometheus.getPrometheusRegistry().register((Collector) this::snapshot);
			}
		}
	}

	private Set<MeterRegistry> registries() {
		return registry instanceof CompositeMeterRegistry composite ? composite.getRegistries() : Set.of(registry);
	}

	/** @param tags tags of the series, without the callback's kind */
	Series of(List<Tag> tags, CallbackKind kind) {
		Series series = new Series(labels(tags, kind));
		all.add(series);
		for (MeterRegistry one : registries()) {
			if (!(one instanceof PrometheusMeterRegistry)) {
				FunctionTimer.builder(MetricNames.CALLBACKS, series, Series::count, Series::nanos, TimeUnit.NANOSECONDS).tags(tags)
						.tag(MetricNames.CALLBACK, ConnectionMetrics.name(kind)).description(DESCRIPTION).register(one);
			}
		}
		return series;
	}

	@Override
	public long calls() {
		return all.stream().mapToLong(Series::count).sum();
	}

	@Override
	public double nanos() {
		return all.stream().mapToDouble(Series::nanos).sum();
	}

	private Labels labels(List<Tag> tags, CallbackKind kind) {
		Labels.Builder labels = Labels.builder().label(MetricNames.CALLBACK, ConnectionMetrics.name(kind));
		tags.forEach(tag -> labels.label(registry.config().namingConvention().tagKey(tag.getKey()), tag.getValue()));
		return labels.build();
	}

	private HistogramSnapshot snapshot() {
		return new HistogramSnapshot(new MetricMetadata(MetricNames.CALLBACKS.replace('.', '_') + "_seconds", DESCRIPTION, Unit.SECONDS),
				all.stream().map(Series::point).toList());
	}

	/** The times of one hub and one kind of callback. */
	static final class Series {
		private final Labels labels;
		private final LongAdder[] buckets = new LongAdder[NANOS.length];
		private final LongAdder nanos = new LongAdder();

		Series(Labels labels) {
			this.labels = labels;
			Arrays.setAll(buckets, _ -> new LongAdder());
		}

		void record(long took) {
			int bucket = 0;
			while (took > NANOS[bucket]) { // ends at the last bucket, whose bound is infinite
				bucket++;
			}
			buckets[bucket].increment();
			nanos.add(took);
		}

		private long count() {
			return Arrays.stream(buckets).mapToLong(LongAdder::sum).sum();
		}

		private double nanos() {
			return nanos.sum();
		}

		private HistogramDataPointSnapshot point() {
			long[] counts = Arrays.stream(buckets).mapToLong(LongAdder::sum).toArray();
			return HistogramDataPointSnapshot.builder().classicHistogramBuckets(ClassicHistogramBuckets.of(SECONDS, counts))
					.sum(nanos() / 1e9).labels(labels).build();
		}
	}
}
