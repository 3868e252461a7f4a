package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.FakeCollector;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks as an operator sees them: health, traces, and a configuration that changes. */
class WebhookOperationsTests {
	private static final String KEY = "operators-only-operators-only-operators-only";

	@TempDir
	private Path folder;
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	private static HttpResponse<String> ask(RunningHawser server, String method, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.operationsPort() + "/actuator/" + path))
				.timeout(Duration.ofMinutes(1)).header("Authorization", "Bearer " + KEY)
				.method(method, HttpRequest.BodyPublishers.noBody()).build();
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(request, HttpResponse.BodyHandlers.ofString());
		}
	}

	@Test
	void showsBackendsInAHealthGroupOfTheirOwn() throws Exception {
		backend.answerCheck(FakeBackend.status(403));
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.operations.key=" + KEY,
				"hawser.hubs.default.webhooks[0].url=" + backend.url())) {
			HttpResponse<String> down = ask(server, "GET", "health/backends");
			assertThat(down.statusCode()).isEqualTo(503);
			assertThat(down.body()).contains("\"hawser.hubs.default.webhooks[0]\":\"UNCHECKED\"");
			assertThat(ask(server, "GET", "health/readiness").statusCode()).isEqualTo(200);
			assertThat(ask(server, "GET", "health/liveness").statusCode()).isEqualTo(200);
			backend.answerCheck(FakeBackend.status(200, "WebHook-Allowed-Origin", "*"));
			await().untilAsserted(() -> assertThat(ask(server, "GET", "health/backends").statusCode()).isEqualTo(200));
			assertThat(ask(server, "GET", "health/backends").body()).contains("\"hawser.hubs.default.webhooks[0]\":\"UP\"");
		}
	}

	@Test
	void isHealthyWithoutBackends() throws Exception {
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class)) {
			assertThat(ask(server, "GET", "health/backends").statusCode()).isEqualTo(200);
		}
	}

	private void configure(String yaml) throws Exception {
		Path next = folder.resolve("next");
		Files.writeString(next, yaml);
		Files.move(next, folder.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
	}

	private String entry(String more) {
		return "hawser.hubs.default.webhooks: [{url: \"" + backend.url() + "\", " + more + "}]\n";
	}

	@Test
	void takesNewSecretsWithoutARestart() throws Exception {
		configure(entry("secrets: [an-old-secret-of-this-hub-1]"));
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.operations.key=" + KEY,
				"spring.config.additional-location=" + folder.toUri()); RawClient client = server.connect()) {
			client.send(RawFrame.text("1"));
			Call before = backend.event("message");
			configure(entry("secrets: [a-new-secret-of-this-hub-22, an-old-secret-of-this-hub-1]"));
			HttpResponse<String> answer = ask(server, "POST", "reload");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
			client.send(RawFrame.text("2"));
			Call after = backend.event("message");
			assertThat(Objects.requireNonNull(after.header("ce-signature"))).as("both, the new one first")
					.endsWith("," + before.header("ce-signature")).hasSize(2 * 71 + 1);
			assertThat(after.header("ce-id")).isEqualTo("3");

			configure(entry("secrets: [short]"));
			assertThat(ask(server, "POST", "reload").statusCode()).isEqualTo(422);
			configure("hawser.hubs.default.path: /ws\n");
			HttpResponse<String> without = ask(server, "POST", "reload");
			assertThat(without.statusCode()).isEqualTo(422);
			assertThat(without.body()).contains("hawser.hubs.default.webhooks has got its first backend, or lost its last one");
			client.send(RawFrame.text("3"));
			assertThat(backend.event("message").header("ce-signature")).as("what was refused changes nothing")
					.isEqualTo(after.header("ce-signature"));
		}
	}

	@Test
	void readsSecretsFromFilesAgain() throws Exception {
		Path secrets = Files.createDirectories(folder.resolve("secrets"));
		Files.writeString(secrets.resolve("hook-secret"), "an-old-secret-of-this-hub-1");
		configure(entry("secrets: [\"${hook-secret}\"]"));
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.operations.key=" + KEY,
				"spring.config.additional-location=" + folder.toUri(), "spring.config.import=configtree:" + secrets + "/");
				RawClient client = server.connect()) {
			client.send(RawFrame.text("1"));
			Call before = backend.event("message");
			String id = Objects.requireNonNull(before.header("ce-connectionId"));
			assertThat(before.header("ce-signature")).isEqualTo(new Signatures(List.of("an-old-secret-of-this-hub-1")).ofConnection(id));
			Files.writeString(secrets.resolve("hook-secret"), "a-new-secret-of-this-hub-22");
			assertThat(ask(server, "POST", "reload").statusCode()).isEqualTo(200);
			client.send(RawFrame.text("2"));
			assertThat(backend.event("message").header("ce-signature"))
					.isEqualTo(new Signatures(List.of("a-new-secret-of-this-hub-22")).ofConnection(id));
		}
	}

	@Test
	void makesASpanOfEachCallAndPassesTheTraceOn() throws Exception {
		String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
		try (FakeCollector collector = FakeCollector.start();
				RunningHawser server = RunningHawser.start(NoCallbacks.class,
						concat(collector.properties(), "management.tracing.sampling.probability=1",
								"hawser.hubs.default.webhooks[0].url=" + backend.url()));
				RawClient client = RawClient.connect(server.port()).upgrade("/ws", "traceparent: 00-" + trace + "-00f067aa0ba902b7-01")) {
			client.send(RawFrame.text("hi"));
			String sent = Objects.requireNonNull(backend.event("message").header("traceparent"));
			assertThat(sent).matches("00-" + trace + "-[0-9a-f]{16}-01");
			await().untilAsserted(() -> assertThat(collector.spans()).anySatisfy(span -> {
				assertThat(span.name()).isEqualTo("POST message");
				assertThat(span.id()).isEqualTo(sent.substring(36, 52));
				assertThat(span.tags()).containsEntry("hawser.hub", "default").containsEntry("http.response.status_code", "204");
			}));
		}
	}

	private static String[] concat(String[] some, String... more) {
		String[] all = Arrays.copyOf(some, some.length + more.length);
		System.arraycopy(more, 0, all, some.length, more.length);
		return all;
	}
}
