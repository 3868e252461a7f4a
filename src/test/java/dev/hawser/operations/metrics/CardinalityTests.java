package dev.hawser.operations.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.connection.Connections;
import dev.hawser.connection.ForgetfulTransport;
import dev.hawser.connection.Hub;
import dev.hawser.connection.OpeningHandshake;
import dev.hawser.connection.StoredRequest;
import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.connection.limit.LimitSettings;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.push.LocalWebSocketServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** The number of time series does not grow with connections, users or what clients make up. */
class CardinalityTests {
	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
	private final Connections connections = new Connections("test", Runnable::run);
	private final Hub hub = new Hub(Hub.DEFAULT, settings(),
			List.of(new ConnectionMetrics(registry, Hub.DEFAULT, new CallbackTimes(registry), new Traces(null, null))));
	private final WebSocketServer server = new LocalWebSocketServer(connections, new PushMetrics(registry, MetricNames.NO_HUB)::pushed);

	private static ConnectionSettings settings() {
		return new ConnectionSettings(DataSize.ofMegabytes(1), DataSize.ofBytes(100), SlowConsumerPolicy.DROP, Duration.ZERO,
				Duration.ofSeconds(20), Duration.ZERO, Duration.ofSeconds(20),
				ConnectionSettings.CallbackThreads.ADAPTIVE,
				new ConnectionSettings.Compression(false, DataSize.ofKilobytes(1), DataSize.ofMegabytes(1), false, false),
				new LimitSettings(0, 0, 0, 0, 0, 0, DataSize.ofBytes(0), LimitSettings.OverRatePolicy.DELAY, 1000));
	}

	@BeforeEach
	void bind() {
		new NodeGauges(Set.of(hub), connections, MemoryBudget.unlimited(), () -> false).bindTo(registry);
	}

	@AfterEach
	void stop() {
		connections.close();
	}

	private WebSocketConnection open(ForgetfulTransport socket) {
		WebSocketConnection connection = connections.create(
				new OpeningHandshake(hub, connections.nextFd(), StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE,
						null, null, new HashMap<>()),
				socket,
				new TextWebSocketHandler());
		socket.receiver().open();
		return connection;
	}

	/** One connection with its own user, on which every kind of frame is sent, and which ends in one of 2,000 ways. */
	private void live(int number) {
		ForgetfulTransport socket = number % 2 == 0 ? ForgetfulTransport.takingAll() : ForgetfulTransport.takingNothing();
		WebSocketConnection connection = open(socket);
		long fd = connection.fd();
		server.bind(fd, "user-" + number);
		for (String text : new String[] { "hello", "x".repeat(90), "x".repeat(90), "x".repeat(2 * 1024 * 1024) }) {
			server.push(fd, text);
		}
		server.ping(fd, new byte[] { 1 });
		server.push(Long.MAX_VALUE - number, "nobody");
		server.disconnect(fd, 3000 + number % 2000, "reason " + number);
		server.push(fd, "late");
		socket.receiver().ended(null);
	}

	private Set<String> series() {
		return registry.scrape().lines().filter(line -> line.startsWith("hawser_")).map(line -> line.substring(0, line.lastIndexOf(' ')))
				.collect(Collectors.toCollection(TreeSet::new));
	}

	private double value(String series) {
		return registry.scrape().lines().filter(line -> line.startsWith(series + " "))
				.mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1))).sum();
	}

	@Test
	void hasNoNewSeriesForTenThousandConnections() {
		for (int number : new int[] { 0, 1, 1000, 1001 }) { // both sockets, codes of 3000 and of 4000
			live(number);
		}
		Set<String> before = series();
		for (int number = 2000; number < 12_000; number++) {
			live(number);
		}
		assertThat(series()).isEqualTo(before).hasSizeLessThan(120);
		assertThat(value("hawser_connections{hub=\"default\"}")).isZero();
		assertThat(value("hawser_closes_total{code=\"3xxx\",hub=\"default\",initiator=\"server\"}")
				+ value("hawser_closes_total{code=\"4xxx\",hub=\"default\",initiator=\"server\"}")).isEqualTo(10_004);
	}

	@Test
	void countsPushesByTheirResult() {
		live(0);
		live(1);
		assertThat(value("hawser_pushes_total{hub=\"default\",result=\"sent\"}")).as("three texts, a ping, a disconnect").isEqualTo(5);
		assertThat(value("hawser_pushes_total{hub=\"default\",result=\"queued\"}")).as("two texts, a disconnect").isEqualTo(3);
		assertThat(value("hawser_pushes_total{hub=\"default\",result=\"overflowed\"}")).as("a text, a ping").isEqualTo(2);
		assertThat(value("hawser_pushes_total{hub=\"default\",result=\"too-large\"}")).isEqualTo(2);
		assertThat(value("hawser_pushes_total{hub=\"default\",result=\"not-established\"}")).isEqualTo(2);
		assertThat(value("hawser_pushes_total{hub=\"none\",result=\"not-found\"}")).isEqualTo(2);
	}

	@Test
	void showsWhatWaitsForSlowClients() {
		assertThat(value("hawser_outbox_bytes{hub=\"default\"}")).isZero();
		server.push(open(ForgetfulTransport.takingNothing()).fd(), "x".repeat(90));
		server.push(open(ForgetfulTransport.takingNothing()).fd(), "x".repeat(10));
		server.push(open(ForgetfulTransport.takingAll()).fd(), "x".repeat(50));
		assertThat(value("hawser_outbox_bytes{hub=\"default\"}")).isEqualTo(92 + 12);
	}
}
