package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** What clients and log see while a backend does not allow this server to deliver events to it. */
@ReadsLog
class WebhookHandlerCheckTests {
	private static final String KEY = "operators-only-operators-only-operators-only";

	@Test
	void answersConnectWith503UntilTheHandlerCheckPasses(CapturedOutput log) throws Exception {
		try (FakeBackend backend = new FakeBackend()) {
			backend.answerCheck(FakeBackend.status(200, "WebHook-Allowed-Origin", "elsewhere.example"));
			try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
					"hawser.hubs.default.webhooks[0].retry-delay=1ms")) {
				backend.check();
				try (RawClient client = RawClient.connect(server.port())) {
					RawClient.Response answer = client.request(RawClient.handshake("/ws")).response();
					assertThat(answer.status()).isEqualTo(503);
					assertThat(answer.header("Retry-After")).isEqualTo("5");
					assertThat(answer.body()).contains("\"reason\":\"backend\"");
				}
				await().untilAsserted(() -> assertThat(log).contains("Events of hub default are not delivered to http://127.0.0.1:"
						+ backend.port()
						+ ": its answer to the handler check does not allow this server: send 'WebHook-Allowed-Origin: hawser', or *"));
				assertThat(backend.untaken()).isZero();
				backend.answerCheck(FakeBackend.status(200, "WebHook-Allowed-Origin", "*"));
				backend.check();
				await().until(() -> status(server) == 101);
				await().untilAsserted(() -> assertThat(log)
						.contains("Events of hub default are delivered to http://127.0.0.1:" + backend.port() + " again"));
			}
		}
	}

	private static RunningHawser server(FakeBackend backend, String... more) {
		List<String> all = new ArrayList<>(List.of("hawser.operations.key=" + KEY, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0", "hawser.hubs.default.webhooks[0].on-failure=drop"));
		all.addAll(List.of(more));
		return RunningHawser.start(NoCallbacks.class, all.toArray(String[]::new));
	}

	private static double backends(RunningHawser server, String state) {
		return server.bean(MeterRegistry.class).get("hawser.webhooks.backends").tags("hub", "default", "state", state).gauge().value();
	}

	private static final FakeBackend.Answer ALLOWS = FakeBackend.status(200, "WebHook-Allowed-Origin", "*");

	@Test
	void asksAgainAfterAReload() throws Exception {
		try (FakeBackend backend = new FakeBackend(); RunningHawser server = server(backend); RawClient client = server.connect()) {
			backend.check();
			assertThat(backends(server, "up")).isEqualTo(1);
			backend.answerCheck(FakeBackend.status(403));
			HttpRequest reload = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.operationsPort() + "/actuator/reload"))
					.header("Authorization", "Bearer " + KEY).POST(HttpRequest.BodyPublishers.noBody()).build();
			try (HttpClient http = HttpClient.newHttpClient()) {
				assertThat(http.send(reload, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
			}
			backend.check();
			await().until(() -> backends(server, "unchecked") == 1);
			assertThat(status(server)).isEqualTo(503);
			backend.answerCheck(ALLOWS);
			await().until(() -> backends(server, "up") == 1);
			backend.answer("message", FakeBackend.text("fine"));
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			assertThat(status(server)).isEqualTo(101);
		}
	}

	@Test
	void givesNoMoreEventsToABackendThatIsAnotherOneAfterAnOutage() throws Exception {
		try (FakeBackend backend = new FakeBackend(); RunningHawser server = server(backend); RawClient client = server.connect()) {
			backend.check();
			backend.event("connected");
			backend.answer("message", FakeBackend.status(500)).answerCheck(FakeBackend.status(200));
			client.send(RawFrame.text("1"));
			backend.event("message");
			backend.check();
			await().until(() -> backends(server, "unchecked") == 1);
			client.send(RawFrame.text("2"));
			assertThat(status(server)).isEqualTo(503);
			assertThat(backend.untaken()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 503, 500, 408 })
	void isUpAgainWhenTheCheckIsAnsweredAgain(int status) throws Exception {
		try (FakeBackend backend = new FakeBackend();
				RunningHawser server = server(backend, "hawser.hubs.default.webhooks[0].events=message");
				RawClient client = server.connect()) {
			backend.check();
			backend.answer("message", FakeBackend.status(status)).answerCheck(FakeBackend.status(status));
			client.send(RawFrame.text("1"));
			backend.check();
			assertThat(backends(server, "failing")).as("no answer takes nothing back that was allowed").isEqualTo(1);
			backend.check();
			assertThat(backends(server, "unchecked")).isZero();
			backend.answerCheck(ALLOWS);
			await().until(() -> backends(server, "up") == 1);
		}
	}

	/** Otherwise each event would make a line in the log, and another one when the next check has passed. */
	@Test
	void staysDownWhileTheCheckPassesAndEventsFail() throws Exception {
		try (FakeBackend backend = new FakeBackend();
				RunningHawser server = server(backend, "hawser.hubs.default.webhooks[0].events=message");
				RawClient client = server.connect()) {
			backend.check();
			backend.answer("message", FakeBackend.status(500));
			client.send(RawFrame.text("1"));
			backend.check();
			backend.check();
			assertThat(backends(server, "failing")).isEqualTo(1);
		}
	}

	private static int status(RunningHawser server) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake("/ws")).response().status();
		}
	}
}
