package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests get into the push API, by their tokens and paths. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiDoorTests {
	private static final String KEY = PushTokens.KEY;
	private static final String OTHER = "other-key-other-key-other-key-other-key-012345";
	private static final String SLOW = "slow-key-slow-key-slow-key-slow-key-0123456789";
	private static final String PATH = "/api/hubs/chat/no-such-route";

	private RunningHawser server;

	@BeforeAll
	void start() {
		server = RunningHawser.start(Echo.class, "hawser.push.keys[0].secret=" + KEY, "hawser.push.keys[1].secret=" + OTHER,
				"hawser.push.keys[1].hubs=CHAT", "hawser.push.keys[2].secret=" + SLOW, "hawser.push.keys[2].requests-per-second=3",
				"hawser.push.failures-per-address=0", "hawser.hubs.chat.callbacks=none", "hawser.hubs.game.callbacks=none",
				"hawser.push.public-url=https://push.example.com/hawser/", "hawser.public-url=https://chat.example.com");
	}

	@AfterAll
	void stop() {
		server.close();
	}

	private Response ask(String method, String path, String... headers) throws Exception {
		return ask(server.operationsPort(), method, path, headers);
	}

	static Response ask(int port, String method, String path, String... headers) throws Exception {
		List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost:" + port));
		lines.addAll(List.of(headers));
		boolean bodyless = method.equals("HEAD");
		if (bodyless) {
			lines.add("Connection: close");
		}
		try (RawClient client = RawClient.connect(port).request(lines.toArray(String[]::new))) {
			return bodyless ? new Response(Integer.parseInt(client.rest().split(" ", -1)[1]), Map.of(), "") : client.response();
		}
	}

	private String url(String path) {
		return "http://localhost:" + server.operationsPort() + path;
	}

	/** Whether the request has got in: a route that does not exist says so only inside. */
	private static void assertInside(Response response) {
		assertThat(response.status()).as(response.toString()).isEqualTo(404);
		assertThat(response.header("x-ms-error-code")).isNotNull();
	}

	private static void assertRefused(Response response) {
		assertThat(response.status()).as(response.toString()).isEqualTo(401);
		assertThat(response.header("x-ms-error-code")).isEqualTo("Unauthorized");
		assertThat(response.header("WWW-Authenticate")).startsWith("Bearer realm=\"push\"");
		assertThat(response.body()).contains("\"code\":\"Unauthorized\"", "\"target\":\"Authorization\"").doesNotContain("chat", "eyJ");
	}

	static Stream<Arguments> audiences() {
		return Stream.<Arguments>of(
				Arguments.of("with its query", PATH + "?api-version=2024-12-01&a=b%20c", UnaryOperator.identity()),
				Arguments.of("without its query", PATH + "?api-version=2024-12-01",
						(UnaryOperator<String>) url -> url.replaceAll("\\?.*", "")),
				Arguments.of("in upper case", PATH + "?x=y", (UnaryOperator<String>) url -> url.toUpperCase(Locale.ROOT)),
				Arguments.of("still encoded", "/api/hubs/chat/users/u%201%2Fx/nothing?filter=userId%20ne%20%27bob%27",
						UnaryOperator.identity()),
				Arguments.of("decoded", "/api/hubs/chat/users/u%201%2Fx/nothing?filter=userId%20ne%20%27bob%27",
						(UnaryOperator<String>) url -> url.replace("%20", " ").replace("%2F", "/").replace("%27", "'")),
				Arguments.of("more encoded than the URL", "/api/hubs/chat/users/a@b/nothing",
						(UnaryOperator<String>) url -> url.replace("@", "%40")),
				Arguments.of("the public URL", PATH + "?a=b",
						(UnaryOperator<String>) url -> "https://push.example.com/hawser" + PATH + "?a=b"),
				Arguments.of("the public URL with its port", PATH,
						(UnaryOperator<String>) url -> "https://Push.Example.com:443/hawser" + PATH),
				Arguments.of("the public URL for clients", PATH, (UnaryOperator<String>) url -> "https://chat.example.com" + PATH));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("audiences")
	void letsInATokenForTheUrl(String what, String path, UnaryOperator<String> audience) throws Exception {
		String named = audience.apply(url(path));
		assertInside(ask("GET", path, PushTokens.header(named)));
		assertInside(ask("GET", path, PushTokens.bearer(PushTokens.sign(KEY, Map.of("aud", List.of("another", named))))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "hawser", "", "http://localhost:{port}", "http://localhost:{port}/api/hubs/chat",
			"http://localhost:{port}/api/hubs/game/no-such-route", "http://localhost:{port}" + PATH + "/",
			"http://localhost:{port}" + PATH + "?a=c",
			"http://localhost:{port}" + PATH + "?", "http://localhost" + PATH, "https://localhost:{port}" + PATH, PATH,
			"//localhost:{port}" + PATH,
			"http://evil.example.com" + PATH, "https://push.example.com" + PATH, "https://push.example.com.evil.com/hawser" + PATH,
			"http://localhost:{port}/client/hubs/chat", "http://localhost:{port}" + PATH + "%3Fa=b%26",
			"http://u@localhost:{port}" + PATH })
	void refusesATokenForAnotherUrl(String audience) throws Exception {
		String named = audience.replace("{port}", Integer.toString(server.operationsPort()));
		assertRefused(ask("GET", PATH + "?a=b", PushTokens.header(named)));
	}

	private Stream<Arguments> badTokens() {
		Map<String, Object> good = Map.of("aud", url(PATH));
		String claims = "{\"aud\":\"" + url(PATH) + "\",\"exp\":" + Instant.now().plusSeconds(60).getEpochSecond();
		String token = PushTokens.sign(KEY, good);
		return Stream.of(
				Arguments.of("another key", PushTokens.sign("strange-key-strange-key-strange-key-0123456789", good)),
				Arguments.of("a beginning of the key", PushTokens.sign(KEY.substring(0, KEY.length() - 1), good)),
				Arguments.of("no algorithm", PushTokens.raw("{\"alg\":\"none\"}", claims + "}", "")),
				Arguments.of("no algorithm, in other case",
						PushTokens.raw("{\"alg\":\"NoNe\"}", claims + "}", token.substring(token.lastIndexOf('.') + 1))),
				Arguments.of("RS256 in name", "eyJhbGciOiJSUzI1NiJ9" + token.substring(token.indexOf('.'))),
				Arguments.of("no signature", token.substring(0, token.lastIndexOf('.') + 1)),
				Arguments.of("a changed signature", token.substring(0, token.length() - 4) + "AAAA"),
				Arguments.of("no claims", PushTokens.raw("{\"alg\":\"HS256\"}", "{}", "AAAA")),
				Arguments.of("the key itself", KEY),
				Arguments.of("no token", "a.b.c"),
				Arguments.of("no audience", PushTokens.sign(KEY, Map.of())),
				Arguments.of("HS384", PushTokens.sign(JWSAlgorithm.HS384, KEY, good, Duration.ofMinutes(1))),
				Arguments.of("expired", PushTokens.sign(JWSAlgorithm.HS256, KEY, good, Duration.ofMinutes(-6))),
				Arguments.of("not yet valid",
						PushTokens.sign(KEY, Map.of("aud", url(PATH), "nbf", Instant.now().plusSeconds(400).getEpochSecond()))),
				Arguments.of("empty", ""));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badTokens")
	void refusesABadToken(String what, String token) throws Exception {
		assertRefused(ask("GET", PATH, PushTokens.bearer(token)));
		assertRefused(ask("POST", "/api/hubs/chat/:send", PushTokens.bearer(token), "Content-Length: 5"));
	}

	@Test
	void toleratesClocksThatDiffer() throws Exception {
		assertInside(ask("GET", PATH,
				PushTokens.bearer(PushTokens.sign(JWSAlgorithm.HS256, KEY, Map.of("aud", url(PATH)), Duration.ofMinutes(-4)))));
		assertInside(ask("GET", PATH,
				PushTokens.bearer(PushTokens.sign(KEY, Map.of("aud", url(PATH), "nbf", Instant.now().plusSeconds(240).getEpochSecond())))));
	}

	@Test
	void refusesATokenWithoutAnEnd() throws Exception {
		String unsigned = PushTokens.raw("{\"alg\":\"HS256\"}", "{\"aud\":\"" + url(PATH) + "\"}", "");
		String signed = unsigned + PushTokens.hmac(KEY, unsigned.substring(0, unsigned.length() - 1));
		assertRefused(ask("GET", PATH, PushTokens.bearer(signed)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Basic {key}", "{token}", "Bearer", "Bearer {key}", "SharedKey {token}" })
	void takesTheTokenOnlyAsABearerToken(String authorization) throws Exception {
		String token = PushTokens.sign(KEY, Map.of("aud", url(PATH)));
		assertRefused(ask("GET", PATH, "Authorization: " + authorization.replace("{key}", KEY).replace("{token}", token)));
		assertRefused(ask("GET", PATH + "?access_token=" + token));
	}

	@ParameterizedTest
	@CsvSource({ "GET,/api/hubs/chat/groups/g/connections", "HEAD,/api/hubs/chat/connections/c", "HEAD,/api/hubs/nowhere/users/u",
			"DELETE,/api/hubs/chat/connections/c", "POST,/api/hubs/chat/:send", "POST,/api/hubs/nowhere/:send",
			"PUT,/api/hubs/chat/users/u/groups/g",
			"POST,/api/hubs/chat/:generateToken", "OPTIONS,/api/hubs/chat/:send", "PATCH,/api/hubs/x", "GET,/api/hubs/" })
	void tellsAStrangerNothing(String method, String path) throws Exception {
		Response response = ask(method, path);
		assertThat(response.status()).isIn(401, path.endsWith("/") ? 400 : 401);
		assertThat(response.body()).doesNotContain("nowhere", "chat");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/api/hubs/chat/../game/x", "/api/hubs/chat/./x", "/api/hubs//x", "/api/hubs/chat//x", "/api/hubs/chat/%2e%2e/x",
					"/api/hubs/chat/%2E/x", "/api/hubs/chat/..;/x", "/api/hubs/chat/a;b/x", "/api/hubs/chat;x/y", "/api/hubs/chat/%ff/x",
					"/api/hubs/chat/%2/x",
					"/api/hubs/chat/%zz/x", "/api/hubs/chat/x/", "/api/hubs/chat/a%0Ab/x", "/api/hubs/chat/%7F/x",
					"/api/hubs/chat/%u0041/x", "/api/hubs/chat/a\\b/x" })
	void refusesAPathThatCanBeReadInTwoWays(String path) throws Exception {
		assertThat(ask("GET", path, PushTokens.header(url(path))).status()).isEqualTo(400);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { "/api/hubs/chat/users/|'//', or a '/' at its end",
			"/api/hubs/chat/users/a;b/:send|write it as %3B",
			"/api/hubs/chat/users/a%09b/:send|control character" })
	void saysWhatIsWrongWithAPath(String path, String part) throws Exception {
		Response response = ask("POST", path, PushTokens.header(url(path)), "Content-Length: 0");
		assertThat(response.status()).isEqualTo(400);
		assertThat(response.body()).contains(part, "\"target\":\"path\"");
	}

	/** Refused by Jetty before there is a path. */
	@ParameterizedTest
	@ValueSource(
			strings = { "/api/hubs/chat//:send", "/api/hubs/chat/users/%ff/:send", "/api/hubs/chat/users/%00/:send", "/api/hubs/chat/%zz" })
	void saysWhatIsWrongWithAPathThatIsNone(String path) throws Exception {
		assertThat(ask("POST", path, "Content-Length: 0").body()).contains("'//' or bad percent-encoding");
	}

	/** No other spelling of the path leads in, or round the operators' key. */
	@ParameterizedTest
	@ValueSource(strings = { "/%61pi/hubs/chat/x", "/API/hubs/chat/x", "/api/%68ubs/chat/x", "/api;x/hubs/chat/x", "/x/../api/hubs/chat/x",
			"/./api/hubs/chat/x", "//api/hubs/chat/x", "/api%2Fhubs/chat/x", "/api/hubs%2Fchat/x", "/api", "/api/", "/api/hubs",
			"/api/healthy",
			"/api/hubs/../../actuator/env", "/api/hubs/%2e%2e/%2e%2e/actuator/env", "/x%2Fy", "/actuator%2Fenv" })
	void isAtOnePathOnly(String path) throws Exception {
		Response response = ask("GET", path, PushTokens.header(url(path)));
		assertThat(response.status()).as(response.toString()).isIn(400, 401, 403, 404);
		assertThat(response.header("x-ms-error-code")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/x%2Fy", "/x%25y", "/x%5Cy", "/actuator%2Fhealth", "/actuator/health%2f..%2fenv", "/api%2Fhubs/chat/x",
			"/api/hubs%2Fchat/x", "/client/hubs%2Fchat" })
	void takesEncodedNamesNowhereElse(String path) throws Exception {
		assertThat(ask("GET", path).status()).isEqualTo(400);
		assertThat(ask(server.port(), "GET", path).status()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a%2Fb", "a%25b", "a%5Cb", "..%2F..%2Factuator", "%F0%9F%98%80", "a%3Bb", "a+b", "%2525" })
	void takesAnyNameInASegment(String name) throws Exception {
		String path = "/api/hubs/chat/users/" + name + "/nothing";
		assertInside(ask("GET", path, PushTokens.header(url(path))));
	}

	@Test
	void keepsAKeyToItsHubs() throws Exception {
		assertInside(ask("GET", PATH, PushTokens.header(OTHER, url(PATH))));
		for (String hub : List.of("game", "nowhere", "default", "chatt")) {
			String path = "/api/hubs/" + hub + "/no-such-route";
			Response response = ask("GET", path, PushTokens.header(OTHER, url(path)));
			assertThat(response.status()).isEqualTo(403);
			assertThat(response.body()).contains("\"code\":\"Forbidden\"", "\"target\":\"hub\"").doesNotContain(hub);
		}
	}

	@Test
	void keepsAKeyToItsQuota() throws Exception {
		Response last = ask("GET", PATH, PushTokens.header(SLOW, url(PATH)));
		for (int i = 0; last.status() == 404 && i < 1000; i++) {
			last = ask("GET", PATH, PushTokens.header(SLOW, url(PATH)));
		}
		assertThat(last.status()).isEqualTo(429);
		assertThat(last.header("Retry-After")).isEqualTo("1");
		assertThat(last.header("x-ms-error-code")).isEqualTo("TooManyRequests");
		assertInside(ask("GET", PATH, PushTokens.header(KEY, url(PATH))));
	}

	@Test
	void tellsItsHealthWithoutAKey() throws Exception {
		assertThat(ask("HEAD", "/api/health?api-version=2024-12-01").status()).isEqualTo(200);
		assertThat(ask("GET", "/api/health").status()).isEqualTo(200);
		assertThat(ask("POST", "/api/health").status()).isEqualTo(405);
	}

	@Test
	void needsNoOperatorsKeyAndIsNone() throws Exception {
		assertThat(ask("GET", "/actuator/env", PushTokens.header(url("/actuator/env"))).status()).isEqualTo(403);
		assertRefused(ask("GET", PATH, "Authorization: Bearer operator-key-operator-key-operator-key"));
	}

	@Test
	void isNotOnTheClientsPortUnasked() throws Exception {
		for (String path : List.of(PATH, "/api/health")) {
			Response response = ask(server.port(), "GET", path, PushTokens.header("http://localhost:" + server.port() + path));
			assertThat(response.status()).isEqualTo(404);
			assertThat(response.header("x-ms-error-code")).isNull();
		}
		assertThat(ask(server.port(), "GET", "/api/hubs/chat/a%2Fb").status()).isEqualTo(400);
	}

	@Test
	void countsWhatItRefuses() throws Exception {
		ask("GET", PATH);
		assertThat(ask("GET", "/actuator/prometheus").body()).contains("hawser_push_refused_total{reason=\"token-missing\"}");
	}
}
