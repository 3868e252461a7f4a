package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to {@code connect}, for clients whose token names the user {@code developer}. */
class ConnectAnswerTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	private RunningHawser server(String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retry-delay=1ms"));
		all.addAll(List.of(properties));
		return RunningHawser.startSecure(NoCallbacks.class, all.toArray(String[]::new));
	}

	private static RawClient.Response answer(RunningHawser server, String... headers) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake("/ws?access_token=" + RunningHawser.token(), headers)).response();
		}
	}

	private static RawClient connect(RunningHawser server) throws Exception {
		return RawClient.connect(server.port()).upgrade("/ws?access_token=" + RunningHawser.token());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "{}", "{\"userId\":null}", "{\"groups\":[],\"roles\":null,\"more\":1}" })
	void keepsTheUserOfTheTokenWhereItNamesNone(String body) throws Exception {
		backend.answer("connect", FakeBackend.body(200, body.getBytes(StandardCharsets.UTF_8)));
		try (RunningHawser server = server(); RawClient _ = connect(server)) {
			assertThat(backend.event("connected").header("ce-userId")).isEqualTo("developer");
		}
	}

	@Test
	void hasNoUserWhereTheAnswerSaysSo() throws Exception {
		backend.answer("connect", FakeBackend.json("{\"userId\":\"\"}"));
		try (RunningHawser server = server("hawser.connection.limits.per-user=1");
				RawClient client = connect(server);
				RawClient other = connect(server)) {
			assertThat(backend.event("connect").header("ce-userId")).as("before the answer").isEqualTo("developer");
			assertThat(backend.event("connected").header("ce-userId")).isNull();
			WebSocketServer all = server.bean(WebSocketServer.class);
			await().untilAsserted(() -> assertThat(all.connections()).hasSize(2));
			assertThat(all.connections().mapToObj(fd -> all.connectionInfo(fd).orElseThrow().userId())).containsOnlyNulls();
			client.send(RawFrame.text("hi"));
			assertThat(backend.event("message").header("ce-userId")).isNull();
			client.send(RawFrame.close(1000, ""));
			assertThat(backend.event("disconnected").header("ce-userId")).isNull();
			assertThat(other.send(RawFrame.ping()).frame().opcode()).isEqualTo(10);
		}
	}

	/** Where the answer names no subprotocol, the settings choose, and the client's order counts. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                       | chat.v2
			{"subprotocol":""}       | chat.v2
			{"subprotocol":null}     | chat.v2
			{"subprotocol":"other"}  | other
			{"subprotocol":"chat.v1"} | chat.v1
			""")
	void takesTheFirstOfferedSubprotocolThatIsSupported(String body, String agreed) throws Exception {
		backend.answer("connect", FakeBackend.json(body));
		try (RunningHawser server = server("hawser.handshake.subprotocols=chat.v1,chat.v2")) {
			assertThat(answer(server, "Sec-WebSocket-Protocol: other, chat.v2, chat.v1").header("Sec-WebSocket-Protocol"))
					.isEqualTo(agreed);
			assertThat(backend.event("connected").header("ce-subprotocol")).isEqualTo(agreed);
		}
	}

	@Test
	void refusesAnAnswerThatIsTooLarge() throws Exception {
		backend.answer("connect", FakeBackend.json("{\"userId\":\"" + "a".repeat(2_000_000) + "\"}"));
		try (RunningHawser server = server()) {
			RawClient.Response answer = answer(server);
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.body()).contains("\"reason\":\"backend\"").doesNotContain("aaa");
		}
		assertThat(backend.event().event()).isEqualTo("connect");
		assertThat(backend.untaken()).as("it is asked once").isZero();
	}

	/** Each event has the user in a header, and servers do not take headers of any size. */
	@ParameterizedTest
	@CsvSource({ "1024, 101", "1025, 500" })
	void takesUsersOfAThousandCharacters(int length, int status) throws Exception {
		backend.answer("connect", FakeBackend.json("{\"userId\":\"" + "\u20ac".repeat(length) + "\"}"));
		try (RunningHawser server = server()) {
			assertThat(answer(server).status()).isEqualTo(status);
			if (status == 101) {
				assertThat(backend.event("connected").header("ce-userId")).isEqualTo("%E2%82%AC".repeat(length));
			}
		}
	}

	/** As everywhere, so that all users and groups can be pushed to, and all roles can be written. */
	@ParameterizedTest
	@ValueSource(strings = { "{'userId':'.'}", "{'userId':'..'}", "{'userId':' '}", "{'userId':'a\\u0000'}", "{'userId':'a\\nb'}",
			"{'userId':'\\ud800'}", "{'userId':'\\ude00\\ud83d'}", "{'groups':['a','..']}", "{'groups':'\\udc00'}", "{'groups':[' ']}",
			"{'groups':['a\\tb']}", "{'roles':['\\ud800']}", "{'roles':['']}", "{'roles':['r\\n']}", "{'subprotocol':'\\ud800'}" })
	void refusesNamesThatNobodyCanHave(String body) throws Exception {
		backend.answer("connect", FakeBackend.json(body.replace('\'', '"')));
		try (RunningHawser server = server()) {
			RawClient.Response answer = answer(server);
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.body()).contains("\"reason\":\"backend\"");
		}
	}

	@Test
	void refusesAnAnswerWithTwoStates() throws Exception {
		backend.answer("connect", FakeBackend.status(204, "ce-connectionState", "one", "ce-connectionState", "two"));
		try (RunningHawser server = server()) {
			assertThat(answer(server).status()).isEqualTo(500);
		}
	}

	@Test
	void keepsCookiesOfSuccessesOnly() throws Exception {
		backend.answer("connect", FakeBackend.status(204, "Set-Cookie", "node=1"))
				.answer("message", FakeBackend.status(404, "Set-Cookie", "node=2"))
				.answer("connected", FakeBackend.status(200, "Set-Cookie", "seen=yes"));
		try (RunningHawser server = server("hawser.hubs.default.webhooks[0].on-failure=drop"); RawClient client = connect(server)) {
			client.send(RawFrame.text("1"), RawFrame.text("2"));
			assertThat(backend.event("connected").header("Cookie")).isEqualTo("node=1");
			assertThat(backend.event("message").header("Cookie")).isEqualTo("node=1; seen=yes");
			assertThat(backend.event("message").header("Cookie")).isEqualTo("node=1; seen=yes");
		}
	}

	@Test
	void dropsHeadersThatOnlyTheServerMaySend() throws Exception {
		try (RunningHawser server = server()) {
			assertThat(answer(server, "CE-ConnectionState: forged", "ce-id: forged", "WebHook-Request-Origin: forged",
					"Webhook-Signature: forged", "X-WebPubSub-Metadata-A: forged", "celebrity: real").status()).isEqualTo(101);
			Call connect = backend.event("connect");
			assertThat(connect.text()).doesNotContain("forged").contains("celebrity");
			assertThat(connect.headers().toString()).doesNotContain("forged");
		}
	}

	private static String inSeconds(int seconds) {
		return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(seconds));
	}

	@Test
	void waitsForRetryAfterInBothForms() throws Exception {
		List<Supplier<String>> pauses = List.of(() -> "4", () -> inSeconds(5));
		try (RunningHawser server = server("hawser.hubs.default.webhooks[0].retries=0")) {
			for (Supplier<String> pause : pauses) {
				FakeBackend.Answer later = (exchange, call) -> FakeBackend.status(429, "Retry-After", pause.get()).give(exchange, call);
				backend.answer("connected", FakeBackend.first(1, later, FakeBackend.status(204)));
				try (RawClient _ = connect(server)) {
					Call first = backend.event("connected");
					long at = System.nanoTime();
					assertThat(backend.event("connected").header("webhook-id")).isEqualTo(first.header("webhook-id"));
					assertThat(System.nanoTime() - at).as("nanoseconds").isGreaterThan(3_500_000_000L);
				}
			}
		}
	}
}
