package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.ConsoleClient;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.Test;

/** What operators see of backends. */
class ConsoleWebhookTests {
	private static final String KEY = "an-operators-key-of-32-bytes-or-more";

	@Test
	void tellsWhatABackendDoesNotTake() throws Exception {
		try (FakeBackend backend = FakeBackend.start();
				RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.operations.key=" + KEY,
						"hawser.callbacks.echo=false", "hawser.hubs.default.webhooks[0].url=" + backend.url(),
						"hawser.hubs.default.webhooks[0].events=connect,message,disconnected", "hawser.hubs.default.webhooks[0].retries=0",
						"hawser.hubs.default.webhooks[0].on-failure=drop")) {
			ConsoleClient operator = ConsoleClient.signIn(server, KEY);
			await().untilAsserted(() -> assertThat(operator.look("live").body())
					.contains("\"backends\":[{\"name\":\"hawser.hubs.default.webhooks[0]\",\"state\":\"up\"}]"));
			try (ConsoleClient.Events events = operator.events(""); RawClient client = server.connect().awaitOpen()) {
				backend.answer("message", FakeBackend.text("an answer"));
				client.send(RawFrame.text("taken"));
				assertThat(client.message().text()).isEqualTo("an answer");
				backend.answer("message", FakeBackend.status(503));
				client.send(RawFrame.text("not taken, and not shown"));
				String seen = events.until("\"kind\":\"webhook\"");
				assertThat(events.until("error\""))
						.contains("\"kind\":\"open\"", "\"detail\":\"message at http://127.0.0.1:" + backend.port() + ": error\"")
						.doesNotContain("delivered", "not shown");
				assertThat(seen.split("\"kind\":\"webhook\"", -1)).hasSize(2);
				assertThat(operator.look("live").body()).contains("\"state\":\"failing\"");
				backend.answer("connect", FakeBackend.status(401));
				try (RawClient refused = RawClient.connect(server.port())) {
					assertThat(refused.request(RawClient.handshake("/ws")).response().status()).isEqualTo(401);
				}
				assertThat(events.until("\"kind\":\"refused\"").split("\"kind\":\"webhook\"", -1)).as("a refusal is no failure").hasSize(2);
			}
		}
	}
}
