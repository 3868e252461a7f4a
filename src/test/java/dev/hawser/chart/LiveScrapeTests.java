package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hawser.api.ForHub;
import dev.hawser.api.OnMessage;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.SharedKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;

/** Every expression of the dashboard and of the alerts, evaluated by a Prometheus that scrapes a server with some traffic. */
class LiveScrapeTests {
	private static final String KEY = "push-key-push-key-push-key-push-key-push-key-0123456789";
	private static final String PATH = "/api/hubs/default/:send";
	@TempDir
	private static Path folder;
	private static @Nullable RedisServer redis;
	private static @Nullable FakeBackend backend;
	private static @Nullable RunningHawser server;
	private static @Nullable RunningPrometheus prometheus;

	static class Callbacks {
		@Bean
		@ForHub("default")
		OnMessage onMessage() {
			return (server, frame) -> {
				if (frame.text().equals("too much")) {
					server.push(frame.fd(), "x".repeat(2 * 1024 * 1024));
				}
				server.push(frame.fd(), frame.text());
			};
		}
	}

	@BeforeAll
	static void scrape() throws Exception {
		if (!Promtool.isInstalled() || !RedisServer.isInstalled()) {
			return;
		}
		redis = RedisServer.start();
		backend = new FakeBackend();
		server = RunningHawser.start(Callbacks.class, Stream.concat(Stream.of(redis.properties()),
				Stream.of("hawser.hubs.chat.webhooks[0].url=" + backend.url(), "hawser.push.key=" + KEY)).toArray(String[]::new));
		Gauge up = server.bean(MeterRegistry.class).get("hawser.cluster.up").gauge();
		await().until(() -> up.value() == 1);
		push("Authorization: Bearer " + SharedKey.of(KEY, Duration.ZERO).sign(Map.of("aud", List.of("http://localhost" + PATH)),
				Duration.ofMinutes(1)), 202);
		push("Authorization: Bearer none", 401);
		try (RawClient client = RawClient.connect(server.port()).upgrade("/client/hubs/chat")) {
			client.send(RawFrame.text("hello"));
			backend.event("message");
		}
		backend.event("disconnected");
		try (RawClient stranger = RawClient.connect(server.port())) {
			stranger.request(RawClient.handshake("/ws", "Origin: https://stranger.example")).response();
		}
		try (RawClient client = server.connect()) {
			client.send(RawFrame.text("hello"), RawFrame.text("too much"), RawFrame.close(1000, ""));
			for (int opcode = 0; opcode != 8; opcode = client.frame().opcode()) {
				assertThat(opcode).as("an echo").isIn(0, 1);
			}
		}
		System.gc();
		prometheus = RunningPrometheus.start(folder, operationsPort());
		for (String metric : List.of("hawser_closes_total", "jvm_gc_pause_seconds_sum")) {
			await().until(() -> !prometheus().query("count_over_time(" + metric + "[5m]) >= 3").isEmpty());
		}
		prometheus().stopTheClock();
	}

	private static void push(String authorization, int status) throws Exception {
		try (RawClient caller = RawClient.connect(operationsPort())) {
			assertThat(caller
					.request("POST " + PATH + " HTTP/1.1", "Host: localhost", "Content-Type: text/plain", "Content-Length: 0",
							authorization)
					.response().status()).isEqualTo(status);
		}
	}

	/** Checked before each test and not once: a class that is left out as a whole would not be counted as skipped. */
	@BeforeEach
	void needsPrometheusAndRedis() {
		Promtool.assumeInstalled();
		RedisServer.assumeIsInstalled();
	}

	private static RunningPrometheus prometheus() {
		return Objects.requireNonNull(prometheus);
	}

	/** The URL of the metrics. */
	private static int operationsPort() {
		return Objects.requireNonNull(server).operationsPort();
	}

	@AfterAll
	static void stop() throws Exception {
		if (prometheus != null) {
			prometheus.close();
		}
		if (server != null) {
			server.close();
		}
		if (backend != null) {
			backend.close();
		}
		if (redis != null) {
			redis.close();
		}
	}

	static List<String> dashboard() throws Exception {
		return new ObjectMapper().readTree(Chart.HAWSER.read("files/dashboard.json")).findValuesAsText("expr").stream()
				.map(LiveScrapeTests::withVariables).toList();
	}

	private static String withVariables(String expression) {
		return expression.replace("$__rate_interval", "5m").replace("$namespace", "live").replace("$job", "hawser");
	}

	static List<String> alerts() throws Exception {
		return Chart.Manifests.parse(Chart.HAWSER.read("files/alerts.yaml")).all().getFirst().findValuesAsText("expr");
	}

	/** The expressions of Grafana's variables: label_values(metric, label). */
	static List<String> variables() throws Exception {
		return new ObjectMapper().readTree(Chart.HAWSER.read("files/dashboard.json")).path("templating").path("list")
				.findValuesAsText("definition")
				.stream().map(text -> withVariables(text).replaceFirst("label_values\\((.*), (\\w+)\\)", "count by ($2) ($1)")).toList();
	}

	private static Set<String> strange(String expression) throws Exception {
		PromQl names = PromQl.of(expression);
		assertThat(names.metrics()).as(expression).isNotEmpty();
		Set<String> strange = Stream.concat(names.metrics().stream(), names.labels().stream()).collect(Collectors.toSet());
		strange.removeAll(prometheus().metrics());
		strange.removeAll(prometheus().labels());
		return strange;
	}

	@ParameterizedTest
	@MethodSource({ "dashboard", "variables" })
	void showsSomethingForEveryPanel(String expression) throws Exception {
		assertThat(expression).doesNotContain("$");
		assertThat(strange(expression)).as(expression).isEmpty();
		assertThat(prometheus().query(expression)).as(expression).isNotEmpty();
	}

	@ParameterizedTest
	@MethodSource("alerts")
	void evaluatesEveryAlertAndFiresNone(String expression) throws Exception {
		assertThat(strange(expression)).as(expression).isEmpty();
		assertThat(prometheus().query(expression)).as(expression).isEmpty();
	}

	@Test
	void wouldFindAMistakeInAnExpression() throws Exception {
		assertThat(strange("sum by (pood) (rate(hawser_conections{job=\"hawser\"}[5m])) > up")).containsExactlyInAnyOrder("pood",
				"hawser_conections");
		assertThat(prometheus().query("sum(hawser_connections{job=\"howser\"})")).isEmpty();
		assertThatThrownBy(() -> prometheus().query("sum(hawser_connections")).hasMessageContaining("parse error");
	}

	@Test
	void hasMetricsThatPromtoolAccepts() throws Exception {
		Promtool.Verdict verdict = Promtool.checkMetrics(Files.write(folder.resolve("metrics.txt"), ownMetrics()));
		assertThat(verdict.code()).as(verdict.output()).isZero();
		assertThat(verdict.output()).isEmpty();
	}

	@Test
	void wouldNotAcceptBadMetrics() throws Exception {
		List<String> lines = new ArrayList<>(ownMetrics());
		lines.addAll(List.of("# TYPE hawser_oddities counter", "hawser_oddities 1"));
		Promtool.Verdict verdict = Promtool.checkMetrics(Files.write(folder.resolve("bad.txt"), lines));
		assertThat(verdict.code()).isNotZero();
		assertThat(verdict.output()).contains("hawser_oddities");
	}

	/** The endpoint's lines about Hawser's own metrics; the names of the others cannot be changed here. */
	private static List<String> ownMetrics() throws Exception {
		URI endpoint = URI.create("http://127.0.0.1:" + operationsPort() + "/actuator/prometheus");
		try (HttpClient client = HttpClient.newHttpClient()) {
			String body = client.send(HttpRequest.newBuilder(endpoint).build(), HttpResponse.BodyHandlers.ofString()).body();
			List<String> lines = body.lines().filter(line -> line.matches("(# \\w+ )?hawser_.*")).toList();
			assertThat(lines).hasSizeGreaterThan(20);
			return lines;
		}
	}
}
