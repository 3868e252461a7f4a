package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.SharedKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A hub whose events go to a backend over HTTP: what is sent, and what an answer does. */
class WebhookTests {
	private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
	private static final String OLD_SECRET = "an-older-secret-of-this-hub";

	private FakeBackend backend;
	private RunningHawser server;

	@BeforeEach
	void start() throws Exception {
		backend = new FakeBackend();
		server = RunningHawser.startSecure(NoCallbacks.class, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].secrets[0]=" + SECRET, "hawser.hubs.default.webhooks[0].secrets[1]=" + OLD_SECRET,
				"hawser.hubs.default.webhooks[0].retry-delay=1ms");
	}

	@AfterEach
	void stop() throws Exception {
		server.close();
		backend.close();
	}

	private static String target() {
		return "/ws?access_token=" + RunningHawser.token() + "&room=1&room=2";
	}

	private RawClient connect(String... headers) throws Exception {
		return RawClient.connect(server.port()).upgrade(target(), headers);
	}

	private static JsonNode json(Call call) {
		return JsonMapper.shared().readTree(call.body());
	}

	private static String hmac(byte[] key, byte[] data, boolean base64) throws Exception {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(key, "HmacSHA256"));
		byte[] signature = mac.doFinal(data);
		return base64 ? Base64.getEncoder().encodeToString(signature) : HexFormat.of().formatHex(signature);
	}

	@Test
	void deliversTheFourEventsInOrder() throws Exception {
		Call check = backend.check();
		assertThat(check.method()).isEqualTo("OPTIONS");
		assertThat(check.uri().getPath()).isEqualTo("/hook/validate");
		assertThat(check.header("WebHook-Request-Origin")).isEqualTo("hawser");
		assertThat(check.header("ce-awpsversion")).isEqualTo("1.0");
		backend.answer("message", FakeBackend.text("answer"));
		try (RawClient client = connect()) {
			assertThat(client.send(RawFrame.text("question")).message().text()).isEqualTo("answer");
			client.send(RawFrame.close(4001, "done"));
			assertThat(client.message().opcode()).isEqualTo(8);
		}
		List<String> names = List.of("connect", "connected", "message", "disconnected");
		String connectionId = null;
		for (int i = 0; i < names.size(); i++) {
			Call call = backend.event();
			connectionId = call.header("ce-connectionId");
			assertThat(call.uri().getPath()).isEqualTo("/hook/" + names.get(i));
			assertThat(call.event()).isEqualTo(names.get(i));
			assertThat(call.header("ce-id")).as("a counter of the connection").isEqualTo(Integer.toString(i));
			assertThat(call.header("ce-type"))
					.isEqualTo((i == 2 ? "azure.webpubsub.user." : "azure.webpubsub.sys.") + names.get(i));
			assertThat(call.header("ce-specversion")).isEqualTo("1.0");
			assertThat(call.header("ce-source")).isEqualTo("/hubs/default/client/" + connectionId);
			assertThat(call.header("ce-time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
			assertThat(call.header("ce-hub")).isEqualTo("default");
			assertThat(call.header("ce-userId")).isEqualTo("developer");
			assertThat(call.header("ce-awpsversion")).isEqualTo("1.0");
			assertThat(call.header("ce-subprotocol")).isNull();
			assertThat(call.header("ce-connectionState")).isNull();
			assertThat(call.header("WebHook-Request-Origin")).isEqualTo("hawser");
			isSigned(call);
			switch (names.get(i)) {
				case "message" -> {
					assertThat(call.header("Content-Type")).isEqualTo("text/plain");
					assertThat(call.text()).isEqualTo("question");
				}
				case "connected" -> assertThat(call.text()).isEqualTo("{}");
				default -> assertThat(call.header("Content-Type")).isEqualTo("application/json");
			}
			if (names.get(i).equals("disconnected")) {
				JsonNode body = json(call);
				assertThat(body.path("reason").asString()).isEqualTo("done");
				assertThat(body.path("code").asInt()).isEqualTo(4001);
				assertThat(body.path("wasClean").asBoolean()).isTrue();
				assertThat(body.path("initiator").asString()).isEqualTo("client");
				assertThat(body.path("messagesIn").asInt()).isEqualTo(1);
				assertThat(body.path("messagesOut").asInt()).isEqualTo(1);
				assertThat(body.path("durationMs").isNumber()).isTrue();
			}
		}
	}

	private static void isSigned(Call call) throws Exception {
		byte[] connectionId = Objects.requireNonNull(call.header("ce-connectionId")).getBytes(StandardCharsets.UTF_8);
		assertThat(call.header("ce-signature"))
				.isEqualTo("sha256=" + hmac(SECRET.getBytes(StandardCharsets.UTF_8), connectionId, false) + ",sha256="
						+ hmac(OLD_SECRET.getBytes(StandardCharsets.UTF_8), connectionId, false));
		byte[] signed = (call.header("webhook-id") + "." + call.header("webhook-timestamp") + "." + call.text())
				.getBytes(StandardCharsets.UTF_8);
		assertThat(call.header("webhook-id")).matches("msg_[0-9a-f]{16}_\\d+_" + call.header("ce-id"));
		assertThat(call.header("webhook-signature"))
				.isEqualTo("v1," + hmac(Base64.getDecoder().decode(SECRET.substring(6)), signed, true) + " v1,"
						+ hmac(OLD_SECRET.getBytes(StandardCharsets.UTF_8), signed, true));
	}

	// connect

	@Test
	void showsTheHandshakeWithoutTheToken() throws Exception {
		try (RawClient _ = connect("X-Shape: round", "X-Shape: flat", "Cookie: a=1; access_token=secret; b=2", "ce-userId: mallory",
				"webhook-id: forged", "Sec-WebSocket-Protocol: chat.v1, bearer, " + RunningHawser.token())) {
			Call connect = backend.event();
			assertThat(connect.text()).doesNotContain(RunningHawser.token(), "secret", "mallory", "forged", "uthorization");
			JsonNode body = json(connect);
			assertThat(body.path("claims").path("sub").toString()).isEqualTo("[\"developer\"]");
			assertThat(body.path("claims").path("aud").toString()).isEqualTo("[\"hawser\"]");
			assertThat(body.path("claims").path("exp").path(0).asString()).matches("\\d+");
			assertThat(body.path("query").toString()).isEqualTo("{\"room\":[\"1\",\"2\"]}").isEqualTo(body.path("queries").toString());
			assertThat(body.path("headers").path("x-shape").toString()).isEqualTo("[\"round\",\"flat\"]");
			assertThat(body.path("headers").path("cookie").toString()).isEqualTo("[\"a=1; b=2\"]");
			assertThat(body.path("subprotocols").toString()).isEqualTo("[\"chat.v1\"]");
			assertThat(body.path("clientCertificates").toString()).isEqualTo("[]");
		}
	}

	/** A client that comes back, but offers no subprotocol in which one can: its handshake is an ordinary one. */
	@Test
	void showsNoTokenOfAClientThatComesBack() throws Exception {
		String target = target() + "&awps_connection_id=test-1&awps_reconnection_token=secret&AWPS_Reconnection%5FToken=secret";
		try (RawClient _ = RawClient.connect(server.port()).upgrade(target)) {
			Call connect = backend.event();
			assertThat(connect.text()).doesNotContain("secret");
			assertThat(json(connect).path("query").toString())
					.isEqualTo("{\"room\":[\"1\",\"2\"],\"awps_connection_id\":[\"test-1\"]}");
		}
	}

	@Test
	void refusesWithStatusAndBodyOfTheBackend() throws Exception {
		backend.answer("connect", FakeBackend.body(402, "pay first".getBytes(StandardCharsets.UTF_8), "Content-Type", "text/x-sad",
				"X-Internal", "hidden"));
		try (RawClient client = RawClient.connect(server.port())) {
			RawClient.Response answer = client.request(RawClient.handshake(target())).response();
			assertThat(answer.status()).isEqualTo(402);
			assertThat(answer.body()).isEqualTo("pay first");
			assertThat(answer.header("Content-Type")).isEqualTo("text/x-sad");
			assertThat(answer.header("X-Internal")).isNull();
		}
		assertThat(backend.event("connect").header("ce-id")).isEqualTo("0");
		assertThat(backend.untaken()).as("no more is told of it").isZero();
	}

	@Test
	void neverAsksAboutWhatTheDoorRefuses() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/ws")).response().status()).isEqualTo(401);
		}
		assertThat(backend.untaken()).isZero();
	}

	@Test
	void takesUserSubprotocolAndStateFromTheAnswer() throws Exception {
		backend.answer("connect", FakeBackend.json("""
				{"userId":"ann","groups":["room-1"],"roles":["webpubsub.sendToGroup"],"subprotocol":"chat.v2"}""",
				"ce-connectionState", "first"));
		backend.answer("message", FakeBackend.status(204, "ce-connectionState", "second"));
		try (RawClient client = RawClient.connect(server.port())) {
			RawClient.Response answer = client.request(RawClient.handshake(target(), "Sec-WebSocket-Protocol: chat.v1, chat.v2"))
					.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo("chat.v2");
			backend.event("connect");
			Call connected = backend.event("connected");
			assertThat(connected.header("ce-userId")).isEqualTo("ann");
			assertThat(connected.header("ce-subprotocol")).isEqualTo("chat.v2");
			assertThat(connected.header("ce-connectionState")).isEqualTo("first");
			client.send(RawFrame.text("1"), RawFrame.text("2"));
			assertThat(backend.event("message").header("ce-connectionState")).isEqualTo("first");
			assertThat(backend.event("message").header("ce-connectionState")).isEqualTo("second");
			WebSocketServer all = server.bean(WebSocketServer.class);
			long fd = all.members("default", "room-1").findFirst().orElseThrow();
			assertThat(all.roles(fd)).containsExactly("webpubsub.sendToGroup");
		}
		assertThat(backend.event("disconnected").header("ce-connectionState")).isEqualTo("second");
	}

	@Test
	void sendsTheCookiesOfAnAnswerBackOnThatConnection() throws Exception {
		backend.answer("connect", FakeBackend.status(204, "Set-Cookie", "node=b7; Path=/; HttpOnly", "Set-Cookie", "lang=de"));
		backend.answer("message", FakeBackend.first(1, FakeBackend.status(204, "Set-Cookie", "lang=; Max-Age=0"), FakeBackend.status(204)));
		try (RawClient client = connect(); RawClient other = connect()) {
			client.send(RawFrame.text("1"), RawFrame.text("2"));
			assertThat(backend.event("message").header("Cookie")).isEqualTo("node=b7; lang=de");
			assertThat(backend.event("message").header("Cookie")).isEqualTo("node=b7");
			other.send(RawFrame.text("3"));
			assertThat(backend.event("message").header("Cookie")).isEqualTo("node=b7; lang=de");
		}
	}

	// message

	@Test
	void repliesInTheTypeOfTheAnswer() throws Exception {
		backend.answer("message", (exchange, call) -> (switch (call.text()) {
			case "text" -> FakeBackend.text("gruß");
			case "json" -> FakeBackend.json("{\"a\":1}", "Content-Type-Options", "x");
			case "bytes" -> FakeBackend.body(200, new byte[] { 1, 2, (byte) 0xFF }, "Content-Type", "application/octet-stream");
			case "empty" -> FakeBackend.body(200, new byte[0], "Content-Type", "application/octet-stream");
			default -> FakeBackend.text("type " + call.header("Content-Type"));
		}).give(exchange, call));
		try (RawClient client = connect()) {
			ReceivedFrame text = client.send(RawFrame.text("text")).message();
			assertThat(text.opcode()).isEqualTo(1);
			assertThat(text.text()).isEqualTo("gruß");
			ReceivedFrame json = client.send(RawFrame.text("json")).message();
			assertThat(json.opcode()).isEqualTo(1);
			assertThat(json.text()).isEqualTo("{\"a\":1}");
			ReceivedFrame bytes = client.send(RawFrame.text("bytes")).message();
			assertThat(bytes.opcode()).isEqualTo(2);
			assertThat(bytes.payload()).containsExactly(1, 2, 0xFF);
			client.send(RawFrame.text("empty"));
			assertThat(client.send(RawFrame.binary(new byte[] { 0, 1 })).message().text()).as("an empty answer is none")
					.isEqualTo("type application/octet-stream");
		}
	}

	/** A token that a key of the push API has signed names roles and groups; an answer to connect replaces those that it names. */
	@Test
	void replacesTheRolesAndGroupsOfAToken() throws Exception {
		String key = "push-key-push-key-push-key-push-key-0123456789";
		try (RunningHawser pushing = RunningHawser.startSecure(NoCallbacks.class, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.push.key=" + key)) {
			String token = SharedKey.of(key, Duration.ZERO).sign(Map.of("aud", "http://localhost/client/hubs/default", "sub", "ann", "role",
					List.of("webpubsub.sendToGroup"), "webpubsub.group", List.of("of-token")), Duration.ofMinutes(1));
			Clients clients = pushing.bean(Clients.class);
			String[] answers = { "{}", "{\"groups\":[],\"roles\":[]}",
					"{\"groups\":[\"of-backend\"],\"roles\":[\"webpubsub.joinLeaveGroup\"]}" };
			String[] expected = { "[of-token][webpubsub.sendToGroup]", "[of-token][]", "[of-backend][webpubsub.joinLeaveGroup]" };
			for (int i = 0; i < answers.length; i++) {
				backend.answer("connect", FakeBackend.json(answers[i]));
				try (RawClient client = RawClient.connect(pushing.port()).request(RawClient.handshake("/ws?access_token=" + token))) {
					String id = client.response().header("Hawser-Connection-Id");
					client.awaitOpen();
					ConnectionSnapshot seen = clients.list(Target.connection(String.valueOf(id)), null, 1).toCompletableFuture().join()
							.connections().getFirst();
					assertThat(seen.groups() + "" + seen.roles()).isEqualTo(expected[i]);
				}
			}
		}
	}
}
