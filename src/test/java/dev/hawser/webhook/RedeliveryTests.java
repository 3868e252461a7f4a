package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code connected} and {@code disconnected} reach a backend that was away, in order and with the ids of the first attempt. */
class RedeliveryTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	private RunningHawser server(String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0", "hawser.hubs.default.webhooks[0].on-failure=error"));
		all.addAll(List.of(properties));
		return RunningHawser.start(NoCallbacks.class, all.toArray(String[]::new));
	}

	private static double undelivered(RunningHawser server) {
		return server.bean(MeterRegistry.class).get("hawser.webhooks.undelivered").tag("hub", "default").gauge().value();
	}

	@Test
	void deliversTheEndOfAConnectionWhenTheBackendIsBack() throws Exception {
		try (RunningHawser server = server()) {
			try (RawClient client = server.connect()) {
				backend.event("connected");
				backend.die();
				client.send(RawFrame.close(4001, "bye"));
				client.message();
			}
			await().until(() -> undelivered(server) == 1);
			backend.revive();
			Call disconnected = backend.event("disconnected");
			assertThat(disconnected.text()).contains("\"code\":4001");
			assertThat(disconnected.header("ce-id")).isEqualTo("2");
			await().until(() -> undelivered(server) == 0);
			assertThat(backend.untaken()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 408, 429, 500, 503 })
	void deliversNoLaterEventBeforeAnEarlierOne(int status) throws Exception {
		backend.answer("connected", FakeBackend.status(status)).answer("message", FakeBackend.text("fine"));
		try (RunningHawser server = server(); RawClient client = server.connect()) {
			Call connected = backend.event("connected");
			assertThat(client.send(RawFrame.text("hi")).message().text()).as("a message does not overtake it").contains("unreachable");
			assertThat(server.bean(MeterRegistry.class).get("hawser.webhooks").tags("event", "message", "outcome", "unreachable").timer()
					.count())
					.as("the loss is counted").isOne();
			backend.answer("connected", FakeBackend.status(204));
			String answer = "";
			for (long end = System.nanoTime() + 60_000_000_000L; !answer.equals("fine") && System.nanoTime() < end;) {
				answer = client.send(RawFrame.text("hi")).message().text();
			}
			assertThat(answer).isEqualTo("fine");
			List<String> ids = new ArrayList<>();
			for (Call call = backend.event(); !call.event().equals("message"); call = backend.event()) {
				assertThat(call.event()).isEqualTo("connected");
				assertThat(call.header("webhook-id")).isEqualTo(connected.header("webhook-id"));
				ids.add(call.header("ce-id"));
			}
			assertThat(ids).isNotEmpty().containsOnly("1");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 404, 302 })
	void deliversNothingAgainThatTheBackendRefuses(int status) throws Exception {
		backend.answer("connected", FakeBackend.status(status)).answer("message", FakeBackend.text("fine"));
		try (RunningHawser server = server(); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			backend.event("connected");
			assertThat(backend.event().event()).isEqualTo("message");
		}
	}

	@Test
	void tellsOfAnAcceptedHandshakeThatDidNotBecomeAConnection() throws Exception {
		backend.answer("connect", FakeBackend.json("{\"userId\":\"ann\"}"));
		try (RunningHawser server = server("hawser.connection.limits.per-user=1"); RawClient first = server.connect()) {
			backend.event("connected");
			try (RawClient second = RawClient.connect(server.port())) {
				assertThat(second.request(RawClient.handshake("/ws")).response().status()).as("a check after the backend's answer")
						.isEqualTo(429);
			}
			Call connect = backend.event("connect");
			Call disconnected = backend.event("disconnected");
			assertThat(disconnected.header("ce-connectionId")).isEqualTo(connect.header("ce-connectionId"));
			assertThat(disconnected.text()).contains("\"code\":1006", "\"reason\":\"handshake not completed\"");
			assertThat(first.send(RawFrame.ping()).frame().opcode()).isEqualTo(10);
		}
	}
}
