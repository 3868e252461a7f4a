package dev.hawser.operations.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Connections;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.connection.TestConnections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.connection.execution.CallbackKind;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallbackTimesTests {
	private static final String BUCKET = "hawser_callbacks_seconds_bucket{callback=\"message\",hub=\"chat\",site=\"north\",le=\"";

	private static final Traces UNTRACED = new Traces(null, null);

	private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private static void record(ConnectionMetrics metrics) {
		try (Connections connections = TestConnections.connections(Runnable::run)) {
			WebSocketConnection connection = TestConnections.open(TestConnections.hub(), connections, new ScriptedTransport());
			for (long nanos : new long[] { 0, 1_000_000, 1_000_001, 600_000_000, 3_600_000_000_000L }) {
				metrics.called(connection, CallbackKind.MESSAGE, nanos);
			}
		}
	}

	@Test
	void fallIntoBucketsWithTheCommonTags() {
		prometheus.config().commonTags("site", "north");
		record(new ConnectionMetrics(prometheus, "chat", new CallbackTimes(prometheus), UNTRACED));
		List<String> lines = prometheus.scrape().lines().filter(line -> line.contains("_seconds_") && line.contains("\"message\""))
				.toList();
		assertThat(lines).containsExactly(BUCKET + "0.001\"} 2", BUCKET + "0.005\"} 3", BUCKET + "0.025\"} 3", BUCKET + "0.1\"} 3",
				BUCKET + "0.5\"} 3", BUCKET + "1.0\"} 4", BUCKET + "2.5\"} 4", BUCKET + "10.0\"} 4", BUCKET + "+Inf\"} 5",
				"hawser_callbacks_seconds_count{callback=\"message\",hub=\"chat\",site=\"north\"} 5",
				"hawser_callbacks_seconds_sum{callback=\"message\",hub=\"chat\",site=\"north\"} 3600.602000001");
	}

	@Test
	void reachOtherRegistriesToo() {
		SimpleMeterRegistry other = new SimpleMeterRegistry();
		CompositeMeterRegistry both = new CompositeMeterRegistry().add(prometheus).add(other);
		record(new ConnectionMetrics(both, "chat", new CallbackTimes(both), UNTRACED));
		FunctionTimer timer = other.get("hawser.callbacks").tag("hub", "chat").tag("callback", "message").functionTimer();
		assertThat(timer.count()).isEqualTo(5);
		assertThat(timer.totalTime(TimeUnit.SECONDS)).isGreaterThan(3600);
		assertThat(prometheus.scrape()).contains("hawser_callbacks_seconds_bucket{callback=\"message\",hub=\"chat\",le=\"+Inf\"} 5");
	}
}
