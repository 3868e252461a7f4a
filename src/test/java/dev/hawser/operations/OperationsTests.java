package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** What an operator sees: health, and numbers that are right. */
class OperationsTests {
	private static RunningHawser server;

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
			};
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				if (frame.text().equals("throw")) {
					throw new IllegalStateException("as asked");
				}
				server.push(frame.fd(), frame.text() + "!");
			};
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> {
			};
		}
	}

	static class Deciding {
		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> {
				if (request.query("no").isPresent()) {
					response.status(403).end();
				}
			};
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static HttpResponse<String> ask(RunningHawser of, String method, String path) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + of.operationsPort() + path))
					.method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
		}
	}

	/** The lines of our own meters: name and labels but for the hub, value. */
	private static Map<String, Double> numbers(RunningHawser of) throws Exception {
		HttpResponse<String> response = ask(of, "GET", "/actuator/prometheus");
		assertThat(response.statusCode()).isEqualTo(200);
		Map<String, Double> numbers = new TreeMap<>();
		response.body().lines().filter(line -> line.startsWith("hawser_")).forEach(
				line -> numbers.put(withoutHub(line.substring(0, line.lastIndexOf(' '))),
						Double.valueOf(line.substring(line.lastIndexOf(' ')))));
		return numbers;
	}

	private static String withoutHub(String name) {
		return name.replace("{hub=\"default\"}", "").replace(",hub=\"default\"", "").replace("hub=\"default\",", "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void isUp(String path) throws Exception {
		HttpResponse<String> response = ask(server, "GET", path);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("\"status\":\"UP\"").doesNotContain("diskSpace", "details");
	}

	@Test
	void startsAtZero() throws Exception {
		try (RunningHawser fresh = RunningHawser.start(Callbacks.class)) {
			assertThat(numbers(fresh)).containsEntry("hawser_connections", 0.0)
					.containsEntry("hawser_handshakes_total{outcome=\"accepted\",reason=\"none\"}", 0.0)
					.containsEntry("hawser_messages_total{direction=\"in\",kind=\"text\"}", 0.0)
					.containsEntry("hawser_payload_bytes_total{direction=\"out\",kind=\"binary\"}", 0.0)
					.containsEntry("hawser_callbacks_seconds_count{callback=\"message\"}", 0.0)
					.containsEntry("hawser_callbacks_seconds_bucket{callback=\"message\",le=\"0.001\"}", 0.0)
					.containsEntry("hawser_pushes_total{result=\"sent\"}", 0.0).containsEntry("hawser_outbox_bytes", 0.0)
					.containsEntry("hawser_connections_max", 50_000.0).containsEntry("hawser_draining", 0.0);
		}
	}

	@Test
	void countsInBuckets() throws Exception {
		try (RunningHawser fresh = RunningHawser.start(Callbacks.class); RawClient client = fresh.connect().send(RawFrame.text("hello"))) {
			client.message();
			await().untilAsserted(() -> assertThat(numbers(fresh))
					.containsEntry("hawser_callbacks_seconds_bucket{callback=\"message\",le=\"+Inf\"}", 1.0));
			assertThat(numbers(fresh).keySet().stream()
					.filter(name -> name.startsWith("hawser_callbacks_seconds_bucket{callback=\"message\"")))
					.hasSize(9);
		}
	}

	@Test
	void showsTheLimitOfConnectionsAsLongAsThereIsOne() throws Exception {
		try (RunningHawser fresh = RunningHawser.start(Callbacks.class, "hawser.connection.limits.connections=0")) {
			assertThat(numbers(fresh)).containsEntry("hawser_connections_max", Double.NaN);
		}
	}

	@Test
	void showsThatItDrains() throws Exception {
		try (RunningHawser fresh = RunningHawser.start(Callbacks.class)) {
			fresh.bean(Drain.class).begin();
			assertThat(numbers(fresh)).containsEntry("hawser_draining", 1.0);
			fresh.bean(Drain.class).end();
			assertThat(numbers(fresh)).containsEntry("hawser_draining", 0.0);
		}
	}

	@Test
	void showsTheProcessToo() throws Exception {
		assertThat(ask(server, "GET", "/actuator/prometheus").body()).contains("jvm_memory_used_bytes{", "jvm_gc_", "jvm_threads_",
				"process_cpu_usage");
	}

	@Test
	void countsConnectionsHandshakesTrafficClosesAndCallbacks() throws Exception {
		try (RunningHawser fresh = RunningHawser.start(Callbacks.class); RawClient _ = fresh.connect()) {
			try (RawClient client = fresh.connect()) {
				client.send(RawFrame.text("gr\u00FC\u00DF"), RawFrame.binary((byte) 'a', (byte) 'b'), RawFrame.ping((byte) 1),
						RawFrame.close(4321, "bye"));
				while (!client.message().isClose()) {
					// echoes before it
				}
			}
			try (RawClient client = fresh.connect().send(RawFrame.text("throw"))) {
				assertThat(client.message().closeCode()).isEqualTo(1011);
			}
			try (RawClient client = RawClient.connect(fresh.port()).request("GET /ws HTTP/1.1", "Host: localhost")) {
				assertThat(client.response().status()).isEqualTo(426);
			}
			try (RawClient client = RawClient.connect(fresh.port())
					.request(RawClient.handshake("/ws", "Origin: https://evil.example"))) {
				assertThat(client.response().status()).isEqualTo(403);
			}
			await().untilAsserted(() -> { // some meters count a moment after the client has seen the event
				Map<String, Double> numbers = numbers(fresh);
				assertThat(numbers)
						.containsEntry("hawser_connections", 1.0)
						.containsEntry("hawser_handshakes_total{outcome=\"accepted\",reason=\"none\"}", 3.0)
						.containsEntry("hawser_handshakes_total{outcome=\"rejected\",reason=\"no-upgrade\"}", 1.0)
						.containsEntry("hawser_handshakes_total{outcome=\"rejected\",reason=\"origin\"}", 1.0)
						.containsEntry("hawser_messages_total{direction=\"in\",kind=\"text\"}", 2.0)
						.containsEntry("hawser_messages_total{direction=\"in\",kind=\"binary\"}", 1.0)
						.containsEntry("hawser_messages_total{direction=\"in\",kind=\"ping\"}", 1.0)
						.containsEntry("hawser_messages_total{direction=\"in\",kind=\"close\"}", 1.0)
						.containsEntry("hawser_messages_total{direction=\"out\",kind=\"text\"}", 2.0)
						.containsEntry("hawser_messages_total{direction=\"out\",kind=\"pong\"}", 1.0)
						.containsEntry("hawser_messages_total{direction=\"out\",kind=\"close\"}", 2.0)
						.containsEntry("hawser_payload_bytes_total{direction=\"in\",kind=\"binary\"}", 2.0)
						.containsEntry("hawser_payload_bytes_total{direction=\"in\",kind=\"ping\"}", 1.0)
						.containsEntry("hawser_payload_bytes_total{direction=\"out\",kind=\"text\"}", 7.0 + 3.0)
						.containsEntry("hawser_pushes_total{result=\"sent\"}", 2.0)
						.containsEntry("hawser_closes_total{code=\"4xxx\",initiator=\"client\"}", 1.0)
						.containsEntry("hawser_closes_total{code=\"1011\",initiator=\"server\"}", 1.0)
						.containsEntry("hawser_callbacks_seconds_count{callback=\"open\"}", 3.0)
						.containsEntry("hawser_callbacks_seconds_count{callback=\"message\"}", 3.0)
						.containsEntry("hawser_callbacks_seconds_count{callback=\"close\"}", 2.0);
				assertThat(numbers.get("hawser_callbacks_seconds_sum{callback=\"message\"}")).isPositive();
				assertThat(numbers.get("hawser_payload_bytes_total{direction=\"in\",kind=\"text\"}"))
						.as("bytes, not characters").isEqualTo(6.0 + 5.0);
			});
		}
	}

	@Test
	void tellsAHandshakeThatACallbackRefusedFromOneThatFailed() throws Exception {
		try (RunningHawser deciding = RunningHawser.start(Deciding.class)) {
			for (String target : new String[] { "/ws?no", "/ws" }) {
				try (RawClient client = RawClient.connect(deciding.port()).request(RawClient.handshake(target))) {
					client.response();
				}
			}
			assertThat(numbers(deciding)).containsEntry("hawser_handshakes_total{outcome=\"rejected\",reason=\"callback\"}", 1.0)
					.containsEntry("hawser_handshakes_total{outcome=\"failed\",reason=\"callback\"}", 1.0)
					.containsEntry("hawser_handshakes_total{outcome=\"accepted\",reason=\"none\"}", 0.0);
		}
	}
}
