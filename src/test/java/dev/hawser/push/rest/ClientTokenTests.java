package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients whose tokens are signed with a key of the push API, as SDKs sign them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientTokenTests {
	private static final String KEY = PushTokens.KEY;
	private static final String OF_GAME = "game-key-game-key-game-key-game-key-0123456789";
	private static final String OF_SENDERS = "send-key-send-key-send-key-send-key-0123456789";
	private static final String PATH = "/client/hubs/chat";

	private RunningHawser server;

	@BeforeAll
	void start() {
		server = RunningHawser.startSecure(Echo.class, "hawser.push.keys[0].secret=" + KEY, "hawser.push.keys[1].secret=" + OF_GAME,
				"hawser.push.keys[1].hubs=game", "hawser.push.keys[2].secret=" + OF_SENDERS, "hawser.push.keys[2].verbs=send,read",
				"hawser.hubs.chat.path=/talk", "hawser.hubs.game.connection.limits.per-user=1",
				"hawser.push.public-url=https://push.example.com/x",
				"hawser.public-url=https://chat.example.com");
	}

	@AfterAll
	void stop() {
		server.close();
	}

	private String url(String path) {
		return "http://localhost:" + server.port() + path;
	}

	private static String token(String key, String audience, Map<String, ?> more) {
		Map<String, Object> claims = new HashMap<>(more);
		claims.put("aud", audience);
		return PushTokens.sign(key, claims);
	}

	private static RawClient offer(RunningHawser to, String path, String... headers) throws Exception {
		List<String> lines = new ArrayList<>(List.of(RawClient.handshake(path, headers)));
		lines.set(1, "Host: localhost:" + to.port());
		return RawClient.connect(to.port()).request(lines.toArray(String[]::new));
	}

	private Response answer(String path, String... headers) throws Exception {
		try (RawClient client = offer(server, path, headers)) {
			return client.response();
		}
	}

	private RawClient connected(String path, String token) throws Exception {
		RawClient client = offer(server, path + "?access_token=" + token);
		assertThat(client.response().status()).isEqualTo(101);
		return client.awaitOpen();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:{port}/client/hubs/chat", "HTTP://LOCALHOST:{port}/Client/Hubs/CHAT",
			"ws://localhost:{port}/client/hubs/chat", "https://chat.example.com/client/hubs/chat",
			"https://push.example.com/x/client/hubs/chat",
			"https://chat.example.com:443/client/hubs/chat", "http://localhost:{port}/client%2Fhubs/chat" })
	void letsInATokenForTheHubsUrl(String audience) throws Exception {
		String token = token(KEY, audience.replace("{port}", Integer.toString(server.port())), Map.of("sub", "ann"));
		assertThat(answer(PATH + "?access_token=" + token).status()).isEqualTo(101);
		assertThat(answer(PATH, PushTokens.bearer(token)).status()).isEqualTo(101);
		assertThat(answer("/talk", PushTokens.bearer(token)).status()).as("at the hub's own path").isEqualTo(101);
	}

	private Stream<Arguments> badTokens() {
		String good = url(PATH);
		return Stream.of(
				Arguments.of("for another hub", "token-audience", token(KEY, url("/client/hubs/game"), Map.of())),
				Arguments.of("for no hub", "token-audience", token(KEY, url("/client/hubs/"), Map.of())),
				Arguments.of("for a longer name", "token-audience", token(KEY, url("/client/hubs/chat2"), Map.of())),
				Arguments.of("for the server", "token-audience", token(KEY, url(""), Map.of())),
				Arguments.of("for another server", "token-audience", token(KEY, "http://chat.example.com/client/hubs/chat", Map.of())),
				Arguments.of("for the push API", "token-audience", token(KEY, url("/api/hubs/chat/:send"), Map.of())),
				Arguments.of("with the default audience", "token-audience", token(KEY, "hawser", Map.of())),
				Arguments.of("for the hub's own path", "token-audience", token(KEY, url("/talk"), Map.of())),
				Arguments.of("of a key for another hub", "token-invalid", token(OF_GAME, good, Map.of())),
				Arguments.of("of a key that may not sign", "token-invalid", token(OF_SENDERS, good, Map.of())),
				Arguments.of("of another key", "token-invalid", token("strange-key-strange-key-strange-key-0123456789", good, Map.of())),
				Arguments.of("with HS384", "token-invalid",
						PushTokens.sign(JWSAlgorithm.HS384, KEY, Map.of("aud", good), Duration.ofMinutes(1))),
				Arguments.of("without algorithm", "token-invalid",
						PushTokens.raw("{\"alg\":\"none\"}", "{\"aud\":\"" + good + "\",\"exp\":99999999999}", "")),
				Arguments.of("expired", "token-expired",
						PushTokens.sign(JWSAlgorithm.HS256, KEY, Map.of("aud", good), Duration.ofMinutes(-6))),
				Arguments.of("with a number as role", "token-invalid", token(KEY, good, Map.of("role", 1))),
				Arguments.of("with a number in its groups", "token-invalid", token(KEY, good, Map.of("webpubsub.group", List.of("a", 1)))),
				Arguments.of("that never ends", "token-expired", raw("{\"aud\":\"" + good + "\",\"exp\":1e300}")),
				Arguments.of("that ends in milliseconds", "token-expired", raw("{\"aud\":\"" + good + "\",\"exp\":1893456000000000}")),
				Arguments.of("with half a pair as user", "token-invalid", named(good, "\"sub\":\"\\ud800\"")),
				Arguments.of("with half a pair as group", "token-invalid", named(good, "\"webpubsub.group\":[\"\\udc00\"]")),
				Arguments.of("with half a pair as role", "token-invalid", named(good, "\"role\":\"\\ud800x\"")),
				Arguments.of("with half a pair in another claim", "token-invalid", named(good, "\"x\":[{\"\\ud800\":1}]")),
				Arguments.of("with a user that no path can name", "token-invalid", token(KEY, good, Map.of("sub", ".."))),
				Arguments.of("with a user of one dot", "token-invalid", token(KEY, good, Map.of("sub", "."))),
				Arguments.of("with NUL in its user", "token-invalid", token(KEY, good, Map.of("sub", "a\0"))),
				Arguments.of("with a user that is too long", "token-invalid", token(KEY, good, Map.of("sub", "u".repeat(1025)))),
				Arguments.of("with a group that no path can name", "token-invalid", token(KEY, good, Map.of("webpubsub.group", "."))),
				Arguments.of("with a line break in a group", "token-invalid", token(KEY, good, Map.of("webpubsub.group", "a\nb"))),
				Arguments.of("with a tab in a role", "token-invalid", token(KEY, good, Map.of("role", "a\tb"))),
				Arguments.of("with an empty group", "token-invalid", token(KEY, good, Map.of("webpubsub.group", ""))),
				Arguments.of("with a group that is too long", "token-invalid",
						token(KEY, good, Map.of("webpubsub.group", "g".repeat(1025)))));
	}

	private static String named(String audience, String claim) {
		return raw("{\"aud\":\"" + audience + "\",\"exp\":9999999999," + claim + '}');
	}

	/** A token with these claims, as they stand there. */
	private static String raw(String claims) {
		String signed = PushTokens.base64("{\"alg\":\"HS256\"}") + '.' + PushTokens.base64(claims);
		return signed + '.' + PushTokens.hmac(KEY, signed);
	}

	/** RFC 7519 section 2: a time may have fractions of a second. */
	@Test
	void takesATimeWithAFraction() throws Exception {
		assertThat(answer(PATH + "?access_token=" + named(url(PATH), "\"nbf\":1.75")).status()).isEqualTo(101);
		assertThat(answer(PATH + "?access_token=" + raw("{\"aud\":\"" + url(PATH) + "\",\"exp\":9999999999.5}")).status()).isEqualTo(101);
	}

	@Test
	void saysThatAKeyIsNotForTheHub() throws Exception {
		assertThat(answer(PATH + "?access_token=" + token(OF_GAME, url(PATH), Map.of())).body())
				.contains("The key of this token is not for this hub");
		assertThat(answer(PATH + "?access_token=" + token(OF_SENDERS, url(PATH), Map.of())).body()).contains("it needs the verb 'token'");
	}

	@Test
	void hasNoUserWhereTheTokenHasAnEmptyOne() throws Exception {
		Clients clients = server.bean(Clients.class);
		try (RawClient client = offer(server, PATH + "?access_token=" + token(KEY, url(PATH), Map.of("sub", "")))) {
			Response response = client.response();
			String id = String.valueOf(response.header("Hawser-Connection-Id"));
			client.awaitOpen();
			assertThat(clients.find(Target.connection(id)).toCompletableFuture().join().orElseThrow().userId()).isNull();
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badTokens")
	void refusesABadToken(String what, String reason, String token) throws Exception {
		Response response = answer(PATH + "?access_token=" + token);
		assertThat(response.status()).as(response.toString()).isEqualTo(401);
		assertThat(response.body()).contains("\"reason\":\"" + reason + '"').doesNotContain("eyJ");
	}

	@Test
	void stillTakesTheTokensOfTheHub() throws Exception {
		assertThat(answer(PATH + "?access_token=" + RunningHawser.token()).status()).isEqualTo(101);
		assertThat(answer("/talk?access_token=" + RunningHawser.token()).status()).isEqualTo(101);
		assertThat(answer(PATH).status()).isEqualTo(401);
	}

	@Test
	void isNoWayToAnUnknownHub() throws Exception {
		assertThat(answer("/client/hubs/nowhere?access_token=" + token(KEY, url("/client/hubs/nowhere"), Map.of())).status())
				.isEqualTo(404);
	}

	@Test
	void givesUserRolesAndGroups() throws Exception {
		Clients clients = server.bean(Clients.class);
		String token = token(KEY, url(PATH), Map.of("sub", "bob", "role", List.of("webpubsub.sendToGroup", "webpubsub.joinLeaveGroup.g1"),
				"webpubsub.group", List.of("g1", "g2")));
		try (RawClient client = connected(PATH, token)) {
			ConnectionSnapshot bob = clients.list(Target.user("chat", "bob"), null, 10).toCompletableFuture().join().connections()
					.getFirst();
			assertThat(bob.userId()).isEqualTo("bob");
			assertThat(bob.roles()).containsExactlyInAnyOrder("webpubsub.sendToGroup", "webpubsub.joinLeaveGroup.g1");
			assertThat(bob.groups()).containsExactlyInAnyOrder("g1", "g2");
			clients.send(Target.group("chat", "g2"), Frame.text("to g2"));
			assertThat(client.message().text()).isEqualTo("to g2");
		}
	}

	@Test
	void takesASingleRoleAndASingleGroupWithoutAList() throws Exception {
		String token = token(KEY, url(PATH), Map.of("sub", "eve", "role", "webpubsub.sendToGroup", "webpubsub.group", "g 3/ü"));
		try (RawClient client = connected(PATH, token)) {
			ConnectionSnapshot eve = server.bean(Clients.class).list(Target.user("chat", "eve"), null, 10).toCompletableFuture().join()
					.connections().getFirst();
			assertThat(eve.roles()).containsExactly("webpubsub.sendToGroup");
			assertThat(eve.groups()).containsExactly("g 3/ü");
			assertThat(client.socket().isClosed()).isFalse();
		}
	}

	/** Claims of an issuer's tokens with the same names may mean something else. */
	@Test
	void givesNoRolesByOtherTokens() throws Exception {
		String token = token(RunningHawser.SECRET, "hawser",
				Map.of("sub", "mallory", "role", "webpubsub.sendToGroup", "webpubsub.group", "g1"));
		try (RawClient client = connected(PATH, token)) {
			ConnectionSnapshot mallory = server.bean(Clients.class).list(Target.user("chat", "mallory"), null, 10).toCompletableFuture()
					.join()
					.connections().getFirst();
			assertThat(mallory.roles()).isEmpty();
			assertThat(mallory.groups()).isEmpty();
			assertThat(client.socket().isClosed()).isFalse();
		}
	}

	@Test
	void keepsTheRulesOfTheHub() throws Exception {
		String chat = token(KEY, url(PATH), Map.of("sub", "ann"));
		assertThat(answer(PATH + "?access_token=" + chat, "Origin: https://evil.example.com").status()).isEqualTo(403);
		assertThat(answer(PATH + "?access_token=" + chat, "Origin: http://localhost:" + server.port()).status()).isEqualTo(101);
		String game = token(OF_GAME, url("/client/hubs/game"), Map.of("sub", "ann"));
		try (RawClient client = connected("/client/hubs/game", game)) {
			assertThat(answer("/client/hubs/game?access_token=" + game).status()).isEqualTo(429);
			assertThat(client.socket().isClosed()).isFalse();
		}
	}

	/** A clock that is two minutes behind: the token is accepted, and the connection does not end at once. */
	@Test
	void toleratesClocksThatDiffer() throws Exception {
		String token = PushTokens.sign(JWSAlgorithm.HS256, KEY, Map.of("aud", url(PATH)), Duration.ofMinutes(-2));
		try (RawClient client = connected(PATH, token)) {
			assertThat(client.awaitOpen().socket().isClosed()).isFalse();
		}
	}

	@Test
	void takesAFreshTokenForAnOpenConnection() throws Exception {
		String token = token(KEY, url(PATH), Map.of("sub", "fay"));
		try (RawClient client = offer(server, PATH + "?access_token=" + token)) {
			String id = client.response().header("Hawser-Connection-Id");
			client.awaitOpen();
			String path = "/client/connections/" + id + "/token";
			assertThat(ApiDoorTests.ask(server.port(), "POST", path, "Content-Length: 0", PushTokens.bearer(token)).status())
					.isEqualTo(204);
			String other = token(KEY, url("/client/hubs/game"), Map.of("sub", "fay"));
			assertThat(ApiDoorTests.ask(server.port(), "POST", path, "Content-Length: 0", PushTokens.bearer(other)).status())
					.isEqualTo(404);
			assertThat(ApiDoorTests.ask(server.port(), "POST", path, "Content-Length: 0", PushTokens.bearer(token + "x")).status())
					.isEqualTo(401);
		}
	}

	/** Whatever checks the other tokens of the hub, and even while it does not answer. */
	@ParameterizedTest
	@ValueSource(strings = { "jwks.url=http://127.0.0.1:1/keys", "issuer=http://127.0.0.1:1", "introspection.url=http://127.0.0.1:1/ask" })
	void standsBesideAnIssuer(String source) throws Exception {
		try (RunningHawser beside = RunningHawser.startAsConfigured(Echo.class, "hawser.handshake.token." + source,
				"hawser.push.key=" + KEY,
				"hawser.handshake.token.introspection.client-id=a", "hawser.handshake.token.introspection.client-secret=b",
				"hawser.hubs.chat.path=/talk")) {
			String token = token(KEY, "http://localhost:" + beside.port() + PATH, Map.of("sub", "ann"));
			try (RawClient client = offer(beside, PATH, PushTokens.bearer(token))) {
				assertThat(client.response().status()).isEqualTo(101);
			}
			String expired = PushTokens.sign(JWSAlgorithm.HS256, KEY, Map.of("aud", "http://localhost:" + beside.port() + PATH),
					Duration.ofHours(-1));
			try (RawClient client = offer(beside, PATH, PushTokens.bearer(expired))) {
				assertThat(client.response().body()).contains("token-expired");
			}
			try (RawClient client = offer(beside, PATH, PushTokens.bearer(RunningHawser.token()))) {
				assertThat(client.response().status()).isIn(401, 503);
			}
		}
	}

	/** A server whose clients all come with tokens of SDKs has no key for other tokens, and makes none. */
	@Test
	void isEnough() throws Exception {
		try (RunningHawser alone = RunningHawser.startAsConfigured(Echo.class, "hawser.push.key=" + KEY)) {
			String audience = "http://localhost:" + alone.port() + "/client/hubs/default";
			try (RawClient client = offer(alone, "/ws", PushTokens.bearer(token(KEY, audience, Map.of())))) {
				assertThat(client.response().status()).isEqualTo(101);
			}
			for (String other : List.of(RunningHawser.token(), token(KEY, "hawser", Map.of()))) {
				try (RawClient client = offer(alone, "/ws", PushTokens.bearer(other))) {
					assertThat(client.response().status()).isEqualTo(401);
				}
			}
			try (RawClient client = offer(alone, "/ws", "Origin: http://localhost:1", PushTokens.bearer(token(KEY, audience, Map.of())))) {
				assertThat(client.response().status()).as("no development start").isEqualTo(403);
			}
		}
	}
}
