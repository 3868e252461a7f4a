package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.hawser.testing.SilentPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The container's health check against servers that answer every request with one status. 0 means that nothing listens. */
class HealthCommandTests {
	private static boolean isAlive(Map<String, String> environment) {
		return Called.with(environment, "", "health", "--timeout", "60000").exitCode() == 0;
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({
			"alive on the port of the operations,          200, 404, true",
			"operations folded into the port of the clients, 0, 200, true",
			"not alive,                                    503, 404, false",
			"not alive on the one port,                      0, 503, false",
			"not started,                                    0,   0, false" })
	void believesWhatTheServerSays(String label, int operations, int clients, boolean alive) throws IOException {
		try (Answering management = new Answering(operations); Answering server = new Answering(clients)) {
			assertThat(
					isAlive(Map.of("MANAGEMENT_SERVER_PORT", management.port(), "SERVER_PORT", server.port())))
					.isEqualTo(alive);
		}
	}

	@Test
	void asksForLiveness() throws IOException {
		try (Answering management = new Answering(200)) {
			isAlive(Map.of("MANAGEMENT_SERVER_PORT", management.port()));
			assertThat(management.asked).isEqualTo("/actuator/health/liveness");
		}
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({
			"MANAGEMENT_ENDPOINTS_WEB_BASE_PATH=/,                          /health/liveness,             /health/liveness",
			"MANAGEMENT_ENDPOINTS_WEB_BASEPATH=/manage,                     /manage/health/liveness,      /manage/health/liveness",
			"MANAGEMENT_SERVER_BASE_PATH=/inside,                           /inside/actuator/health/liveness, /actuator/health/liveness",
			"MANAGEMENT_SERVER_BASEPATH=/inside,                            /inside/actuator/health/liveness, /actuator/health/liveness",
			"SERVER_SERVLET_CONTEXT_PATH=/api/,                             /actuator/health/liveness,    /api/actuator/health/liveness",
			"SERVER_SERVLET_CONTEXTPATH=/api;SPRING_MVC_SERVLET_PATH=/mvc,  /actuator/health/liveness,    /api/mvc/actuator/health/liveness" })
	void asksWhereTheServerAnswers(String variables, String ownPort, String onePort) throws IOException {
		Map<String, String> environment = new HashMap<>();
		for (String variable : variables.split(";", -1)) {
			environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
		}
		try (Answering server = new Answering(200)) {
			environment.put("MANAGEMENT_SERVER_PORT", server.port());
			assertThat(isAlive(environment)).isTrue();
			assertThat(server.asked).isEqualTo(ownPort);
			environment.put("SERVER_PORT", server.port());
			assertThat(isAlive(environment)).isTrue();
			assertThat(server.asked).isEqualTo(onePort);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "ninety", "-1", "65536", "0", "9502 or so" })
	void treatsAnInvalidPortAsAClosedPort(String port) throws IOException {
		try (Answering server = new Answering(200)) {
			assertThat(isAlive(Map.of("MANAGEMENT_SERVER_PORT", port, "SERVER_PORT", server.port())))
					.isTrue();
			assertThat(isAlive(Map.of("MANAGEMENT_SERVER_PORT", port, "SERVER_PORT", port))).isFalse();
		}
	}

	@Test
	void asksForReadinessWhenToldTo() throws IOException {
		try (Answering server = new Answering(200)) {
			Called called = Called.with(Map.of("MANAGEMENT_SERVER_PORT", server.port()), "", "health", "--ready", "--json");
			assertThat(called.json().path("status").asString()).isEqualTo("UP");
			assertThat(server.asked).isEqualTo("/actuator/health/readiness");
		}
	}

	@Test
	void readsThePortFromTheConfigurationFile(@TempDir Path folder) throws IOException {
		try (Answering server = new Answering(200)) {
			Path file = Files.writeString(folder.resolve("application.yaml"), "management.server:\n  port: " + server.port() + "\n");
			assertThat(Called.with("health", "--spring.config.additional-location=file:" + file).exitCode()).isZero();
		}
	}

	@Test
	void saysWhetherItIsDownOrDoesNotAnswer() throws IOException {
		try (Answering server = new Answering(503); Answering silent = new Answering(0)) {
			assertThat(Called.with(Map.of("MANAGEMENT_SERVER_PORT", server.port(), "SERVER_PORT", silent.port()), "", "health").out())
					.isEqualTo("liveness: DOWN\n");
			assertThat(Called.with(Map.of("MANAGEMENT_SERVER_PORT", silent.port(), "SERVER_PORT", silent.port()), "", "health").out())
					.isEqualTo("liveness: NO_ANSWER\n");
		}
	}

	private static final class Answering implements AutoCloseable {
		private final Closeable listening;
		private final int port;
		private volatile String asked = "nothing";

		private Answering(int status) throws IOException {
			if (status == 0) {
				SilentPort silent = new SilentPort(0);
				listening = silent::close;
				port = silent.number();
				return;
			}
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			port = server.getAddress().getPort();
			server.createContext("/", exchange -> {
				asked = exchange.getRequestURI().getPath();
				exchange.sendResponseHeaders(status, -1);
				exchange.close();
			});
			server.start();
			listening = () -> server.stop(0);
		}

		private String port() {
			return Integer.toString(port);
		}

		@Override
		public void close() throws IOException {
			listening.close();
		}
	}
}
