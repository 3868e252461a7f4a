package dev.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Ordinary HTTP beside the WebSockets, on the same port. */
class PlainHttpTests {
	private static RunningHawser server;

	@RestController
	static class Pages {
		private final WebSocketServer server;

		Pages(WebSocketServer server) {
			this.server = server;
		}

		@GetMapping("/hello/{name}")
		String hello(@PathVariable String name) {
			return "Hello " + name + " " + Thread.currentThread().isVirtual();
		}

		@PostMapping("/push")
		String push(@RequestBody String text) {
			return server.connections().mapToObj(fd -> server.push(fd, text).getClass().getSimpleName())
					.collect(Collectors.joining(","));
		}
	}

	static class Callbacks {
		@Bean
		Pages pages(WebSocketServer server) {
			return new Pages(server);
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

	private static HttpResponse<String> ask(HttpRequest.Builder request, String path) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(request.uri(URI.create("http://localhost:" + server.port() + path)).build(),
					HttpResponse.BodyHandlers.ofString());
		}
	}

	@Test
	void servesControllersOnTheSamePort() throws Exception {
		HttpResponse<String> response = ask(HttpRequest.newBuilder(), "/hello/world");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo("Hello world true");
	}

	@Test
	void letsControllersPush() throws Exception {
		try (RawClient client = server.connect()) {
			Awaitility.await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 1);
			HttpResponse<String> response = ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("news")), "/push");
			assertThat(response.body()).isEqualTo("Sent");
			assertThat(client.message().text()).isEqualTo("news");
		}
	}

	/** Actuator is not on this port. */
	@ParameterizedTest
	@ValueSource(strings = { "/", "/nothing", "/actuator", "/actuator/health", "/actuator/health/liveness", "/actuator/prometheus",
			"/actuator/env", "/error/nothing", "/error" })
	void answersAProblemDocumentWhereNothingIs(String path) throws Exception {
		for (String accepted : new String[] { "*/*", "text/html", "application/json" }) {
			HttpResponse<String> response = ask(HttpRequest.newBuilder().header("Accept", accepted), path);
			assertThat(response.statusCode()).isEqualTo(404);
			assertThat(response.headers().firstValue("Content-Type")).as(accepted).contains("application/problem+json");
			assertThat(response.body()).contains("\"status\":404").doesNotContain("static resource");
		}
	}

	@Test
	void asksForAnUpgradeOnTheWebSocketPath() throws Exception {
		HttpResponse<String> response = ask(HttpRequest.newBuilder(), "/ws");
		assertThat(response.statusCode()).isEqualTo(426);
		assertThat(response.headers().firstValue("Upgrade")).contains("websocket");
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
	}
}
