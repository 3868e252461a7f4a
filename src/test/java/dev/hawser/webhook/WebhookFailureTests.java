package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.MisbehavingServer;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see when a backend does not do what it should. */
class WebhookFailureTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	/** @param properties of the hub's only backend */
	private static RunningHawser server(String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.hubs.default.webhooks[0].url=" + url,
				"hawser.hubs.default.webhooks[0].retry-delay=1ms"));
		for (String property : properties) {
			all.add("hawser.hubs.default.webhooks[0]." + property);
		}
		return RunningHawser.start(NoCallbacks.class, all.toArray(String[]::new));
	}

	// A message that the backend does not take.

	static List<Arguments> failures() {
		byte[] text = "?".getBytes(StandardCharsets.UTF_8);
		return List.of(Arguments.of("status", FakeBackend.status(429)), Arguments.of("status", FakeBackend.status(500)),
				Arguments.of("status", FakeBackend.status(302, "Location", "http://127.0.0.1:1/")),
				Arguments.of("invalid", FakeBackend.body(200, text, "Content-Type", "text/html")),
				Arguments.of("invalid", FakeBackend.body(200, new byte[] { (byte) 0xC3 }, "Content-Type", "text/plain")),
				Arguments.of("invalid",
						FakeBackend.text("fine", "ce-connectionState", "one", "ce-connectionState", "two")),
				Arguments.of("invalid", FakeBackend.body(200, text, "Content-Type", "text/plain", "Content-Type", "application/json")),
				Arguments.of("large", FakeBackend.body(200, new byte[2000], "Content-Type", "text/plain")));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void closesTheConnectionOfAMessageThatFails(String ignored, FakeBackend.Answer answer) throws Exception {
		backend.answer("message", answer);
		try (RunningHawser server = server(backend.url(), "answer-size=1KB"); RawClient client = server.connect()) {
			client.send(RawFrame.text("lost"), RawFrame.text("not delivered either"));
			assertThat(client.message().closeCode()).isEqualTo(1011);
			client.send(RawFrame.close(1011, ""));
			assertThat(backend.event("disconnected").text()).contains("\"code\":1011", "\"initiator\":\"server\"");
		}
	}

	@ParameterizedTest
	@MethodSource("failures")
	void answersAMessageThatFailsWhereItIsToldSo(String reason, FakeBackend.Answer answer) throws Exception {
		backend.answer("message", answer);
		try (RunningHawser server = server(backend.url(), "answer-size=1KB", "on-failure=error", "retries=0");
				RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("lost")).message().text())
					.isEqualTo("{\"type\":\"error\",\"event\":\"message\",\"reason\":\"" + reason + "\"}");
			backend.answer("message", FakeBackend.text("fine"));
			assertThat(client.send(RawFrame.text("next")).message().text()).isEqualTo("fine");
		}
	}

	@Test
	void dropsAMessageThatFailsWhereItIsToldSo() throws Exception {
		backend.answer("message", FakeBackend.first(1, FakeBackend.status(400), FakeBackend.text("fine")));
		try (RunningHawser server = server(backend.url(), "on-failure=drop"); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("lost"), RawFrame.text("next")).message().text()).isEqualTo("fine");
		}
	}

	/** What the client sends comes after {@code connected}, but its close frame is answered before. */
	@Test
	void answersACloseWhileTheBackendIsToldOfTheConnection() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		backend.answer("connected", FakeBackend.after(released, FakeBackend.first(1, FakeBackend.status(503), FakeBackend.status(204))));
		try (RunningHawser server = server(backend.url(), "timeout=10m"); RawClient client = server.connect()) {
			backend.event("connected");
			client.send(RawFrame.close(1000, "bye"));
			assertThat(client.message().closeCode()).isEqualTo(1000);
			assertThat(client.ended()).isTrue();
			assertThat(backend.untaken()).as("events that have overtaken").isZero();
			released.countDown();
			assertThat(backend.event().event()).as("repeated").isEqualTo("connected");
			assertThat(backend.event().event()).isEqualTo("disconnected");
		}
	}

	@Test
	void deliversMessagesAfterTheRepetitionsOfWhatComesBefore() throws Exception {
		backend.answer("connected", FakeBackend.first(3, FakeBackend.status(503), FakeBackend.status(204)))
				.answer("message", FakeBackend.text("fine"));
		try (RunningHawser server = server(backend.url()); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			backend.event("connect");
			for (int i = 0; i < 4; i++) {
				assertThat(backend.event().event()).isEqualTo("connected");
			}
			assertThat(backend.event().event()).isEqualTo("message");
		}
	}

	@Test
	void closesWhereNoEntryTakesMessages() throws Exception {
		try (RunningHawser server = server(backend.url(), "events=connect,disconnected"); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("lost")).message().closeCode()).isEqualTo(1011);
		}
		assertThat(backend.event().event()).isEqualTo("connect");
		assertThat(backend.event().event()).as("the others have not been delivered").isEqualTo("disconnected");
	}

	// Repetitions.

	@ParameterizedTest
	@ValueSource(ints = { 500, 503, 408 })
	void repeatsWithTheSameIdsUntilTheBackendTakesIt(int status) throws Exception {
		backend.answer("message", FakeBackend.first(2, FakeBackend.status(status), FakeBackend.text("fine")));
		try (RunningHawser server = server(backend.url()); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			Call first = backend.event("message");
			for (int i = 0; i < 2; i++) {
				Call again = backend.event("message");
				assertThat(again.header("ce-id")).isEqualTo(first.header("ce-id"));
				assertThat(again.header("webhook-id")).isEqualTo(first.header("webhook-id"));
				assertThat(again.text()).isEqualTo("hi");
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "429, 3", "404, 3", "302, 3", "500, 0" })
	void repeatsNothingThatItShouldNot(int status, int retries) throws Exception {
		backend.answer("message", FakeBackend.status(status));
		try (RunningHawser server = server(backend.url(), "retries=" + retries); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().closeCode()).isEqualTo(1011);
			client.send(RawFrame.close(1011, ""));
			backend.event("message");
			assertThat(backend.event().event()).isEqualTo("disconnected");
		}
	}

	@Test
	void repeatsWhatABackendHangsUpOnAndNotWhatItHasBegunToAnswer() throws Exception {
		try (MisbehavingServer hangingUp = new MisbehavingServer(MisbehavingServer.thenHangUp(""));
				RunningHawser server = server(hangingUp.url(), "retries=2", "handler-check=false", "events=message");
				RawClient client = server.connect();
				RawClient other = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().closeCode()).isEqualTo(1011);
			assertThat(hangingUp.requests()).isEqualTo(3);
			hangingUp.answer(MisbehavingServer.thenHangUp("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhal"));
			assertThat(other.send(RawFrame.text("hi")).message().closeCode()).isEqualTo(1011);
			assertThat(hangingUp.requests()).isEqualTo(4);
		}
	}

	@Test
	void givesUpOnABackendThatDoesNotAnswerInTime() throws Exception {
		backend.answer("message", backend.stall());
		try (RunningHawser server = server(backend.url(), "timeout=200ms", "on-failure=error"); RawClient client = server.connect()) {
			assertThat(client.send(RawFrame.text("hi")).message().text()).contains("\"reason\":\"timeout\"");
			backend.event("message");
			assertThat(backend.untaken()).as("no repetition").isZero();
		}
	}

	/** Nothing is decompressed, so that the client would get what it cannot read. */
	@ParameterizedTest
	@CsvSource({ "gzip, invalid", "'identity, BR', invalid", "Identity, delivered" })
	void deliversNoCompressedAnswer(String coding, String outcome) throws Exception {
		backend.answer("message", FakeBackend.body(200, new byte[] { 31, -117 }, "Content-Type", "application/octet-stream",
				"Content-Encoding", coding));
		try (RunningHawser server = server(backend.url(), "on-failure=error"); RawClient client = server.connect()) {
			ReceivedFrame heard = client.send(RawFrame.text("hi")).message();
			assertThat(heard.opcode()).isEqualTo(outcome.equals("delivered") ? 2 : 1);
			assertThat(server.bean(MeterRegistry.class).get("hawser.webhooks").tag("event", "message").timer().getId()
					.getTag("outcome")).isEqualTo(outcome);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 600, 700, 999 })
	void takesAStatusWithoutAMeaningForNoAnswer(int status) throws Exception {
		try (MisbehavingServer odd = new MisbehavingServer(
				MisbehavingServer.once("HTTP/1.1 " + status + " So\r\nContent-Length: 0\r\n\r\n"));
				RunningHawser server = server(odd.url(), "handler-check=false", "events=connect");
				RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/ws")).response().status()).isEqualTo(500);
			assertThat(odd.requests()).as("it is asked once").isOne();
		}
	}

	// The handler check.

	@Test
	void asksWithGetWhereOptionsIsUnknown() throws Exception {
		backend.answerCheck((exchange, call) -> FakeBackend
				.status(call.method().equals("OPTIONS") ? 404 : 200, "WebHook-Allowed-Origin", "CHAT.example.com").give(exchange, call));
		try (RunningHawser server = server(backend.url(), "origin=chat.example.com"); RawClient client = server.connect()) {
			assertThat(backend.check().method()).isEqualTo("OPTIONS");
			assertThat(backend.check().method()).isEqualTo("GET");
			backend.answer("message", FakeBackend.text("fine"));
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
		}
	}

	// connect

	@ParameterizedTest
	@ValueSource(strings = { "{", "[]", "\"x\"", "{\"userId\":1}", "{\"groups\":[1]}", "{\"subprotocol\":\"not-offered\"}",
			"{\"groups\":[\"\"]}" })
	void answersConnectWith500WhereTheBackendMakesNoSense(String body) throws Exception {
		backend.answer("connect", FakeBackend.json(body));
		try (RunningHawser server = server(backend.url()); RawClient client = RawClient.connect(server.port())) {
			RawClient.Response answer = client.request(RawClient.handshake("/ws")).response();
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.body()).contains("\"reason\":\"backend\"");
			MeterRegistry meters = server.bean(MeterRegistry.class);
			assertThat(meters.get("hawser.webhooks").tag("event", "connect").timers()).as("it is the backend's failure")
					.extracting(timer -> timer.getId().getTag("outcome")).containsExactly("invalid");
			assertThat(meters.get("hawser.webhooks.backends").tag("state", "failing").gauge().value()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "{}", "{\"userId\":null,\"groups\":[],\"roles\":[],\"subprotocol\":\"\"}" })
	void acceptsAnAnswerThatSetsNothing(String body) throws Exception {
		backend.answer("connect", FakeBackend.json(body));
		try (RunningHawser server = server(backend.url()); RawClient client = server.connect()) {
			backend.answer("message", FakeBackend.text("fine"));
			assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
		}
	}

	@Test
	void answersConnectWith503WhileTheBackendIsAway() throws Exception {
		try (RunningHawser server = server(backend.url(), "retries=1")) {
			server.connect().close();
			backend.die();
			try (RawClient client = RawClient.connect(server.port())) {
				assertThat(client.request(RawClient.handshake("/ws")).response().status()).isEqualTo(503);
			}
			backend.revive();
			try (RawClient client = server.connect()) {
				backend.answer("message", FakeBackend.text("fine"));
				assertThat(client.send(RawFrame.text("hi")).message().text()).isEqualTo("fine");
			}
		}
	}
}
