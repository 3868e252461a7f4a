package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The answers to probes, and the details for an operator. The default hub takes two connections, {@code chat} one. */
class HealthTests {
	private static final Map<String, Integer> WHILE_STARTING = new ConcurrentHashMap<>();
	private static RunningHawser server;

	@Import(Echo.class)
	static class Callbacks {
		/** Runs before the server reports that it is ready. */
		@Bean
		ApplicationRunner looksAtTheProbes(Environment environment) {
			return _ -> {
				int port = environment.getRequiredProperty("local.management.port", Integer.class);
				for (String probe : new String[] { "liveness", "readiness" }) {
					WHILE_STARTING.put(probe, ask(port, "/actuator/health/" + probe).status());
				}
			};
		}

		@Bean
		HealthIndicator backendHealthIndicator() {
			return () -> Health.down().build();
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Callbacks.class, "hawser.operations.key=" + OperatorAccessContract.KEY,
				"hawser.hubs.default.connection.limits.connections=2", "hawser.hubs.chat.path=/chat",
				"hawser.hubs.chat.connection.limits.connections=1");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static Response ask(int port, String path, String... headers) throws Exception {
		String more = headers.length == 0 ? "Accept: */*" : headers[0];
		try (RawClient client = RawClient.connect(port).request("GET " + path + " HTTP/1.1", "Host: localhost", more)) {
			return client.response();
		}
	}

	private static int status(String path) throws Exception {
		return ask(server.operationsPort(), "/actuator/health" + path).status();
	}

	private static JsonNode details(String path) throws Exception {
		return JsonMapper.shared().readTree(ask(server.operationsPort(), "/actuator/health" + path,
				"Authorization: Bearer " + OperatorAccessContract.KEY).body()).path("components");
	}

	private static RawClient connect(String path) throws Exception {
		RawClient client = RawClient.connect(server.port()).upgrade(path);
		client.send(RawFrame.text("established")).message();
		return client;
	}

	private static void awaitReadiness(int status) {
		await().untilAsserted(() -> assertThat(status("/readiness")).isEqualTo(status));
	}

	@Test
	void isAliveButNotReadyWhileItStarts() throws Exception {
		assertThat(WHILE_STARTING).isEqualTo(Map.of("liveness", 200, "readiness", 503));
		awaitReadiness(200);
	}

	@Test
	void isNotReadyWhileTheDefaultHubIsFull() throws Exception {
		awaitReadiness(200);
		try (RawClient _ = connect("/ws")) {
			assertThat(status("/readiness")).isEqualTo(200);
			try (RawClient _ = connect("/ws")) {
				assertThat(status("/readiness")).isEqualTo(503);
				assertThat(status("/liveness")).isEqualTo(200);
				assertThat(details("/readiness").path("hubs").path("details").path("default").toString())
						.isEqualTo("{\"connections\":2,\"limit\":2,\"full\":true}");
			}
			awaitReadiness(200);
		}
	}

	@Test
	void staysReadyWhileANamedHubIsFull() throws Exception {
		try (RawClient _ = connect("/chat")) {
			awaitReadiness(200);
			assertThat(details("").path("hubs").path("details").path("chat").toString())
					.isEqualTo("{\"connections\":1,\"limit\":1,\"full\":true}");
		}
	}

	/** The application's own indicator is down all the time. */
	@Test
	void dependsOnNoBackend() throws Exception {
		awaitReadiness(200);
		assertThat(status("/liveness")).isEqualTo(200);
		assertThat(status("")).as("the whole").isEqualTo(503);
		assertThat(details("/readiness").propertyNames()).containsExactlyInAnyOrder("readinessState", "drain", "hubs");
	}

	@Test
	void showsAnOperatorWhetherItIsDrained() throws Exception {
		Drain drain = server.bean(Drain.class);
		drain.begin();
		assertThat(details("/readiness").path("drain").path("status").asString()).isEqualTo("OUT_OF_SERVICE");
		drain.end();
		assertThat(details("/readiness").path("drain").path("details").path("state").asString()).isEqualTo("SERVING");
		assertThat(status("/readiness")).isEqualTo(200);
	}
}
