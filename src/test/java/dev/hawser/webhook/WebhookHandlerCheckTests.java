package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/** What clients and log see while a backend does not allow this server to deliver events to it. */
@ReadsLog
class WebhookHandlerCheckTests {

	/** No callback beans. */
	static class None {
	}

	@Test
	void answersConnectWith503UntilTheHandlerCheckPasses(CapturedOutput log) throws Exception {
		try (FakeBackend backend = new FakeBackend()) {
			backend.answerCheck(FakeBackend.status(200, "WebHook-Allowed-Origin", "elsewhere.example"));
			try (RunningHawser server = RunningHawser.start(None.class, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
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

	private static int status(RunningHawser server) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake("/ws")).response().status();
		}
	}
}
