package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with a good token that no SDK sends. Each is answered with a sentence in JSON, and nothing is done. */
class StrangeRequestTests {
	private static final String SEND = "/api/hubs/default/:send";
	private static final String BATCH = "/api/hubs/default/hawser/batch";
	private static final String TEXT = "Content-Type: text/plain";
	private static final String JSON = "Content-Type: application/json";
	private static RunningHawser running;

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Echo.class, "hawser.push.key=" + PushTokens.KEY, "hawser.push.failures-per-address=0");
	}

	@AfterAll
	static void stop() {
		running.close();
	}

	private static String token(String path) {
		return PushTokens.header("http://localhost:" + running.operationsPort() + path.replaceAll("\\?.*", ""));
	}

	private static Response ask(String method, String path, byte[] body, String... headers) throws Exception {
		List<String> lines = new ArrayList<>(
				List.of(method + " " + path + " HTTP/1.1", "Host: localhost:" + running.operationsPort(), token(path)));
		lines.addAll(List.of(headers));
		if (Stream.of(headers).noneMatch(header -> header.startsWith("Content-Length") || header.startsWith("Transfer-Encoding"))) {
			lines.add("Content-Length: " + body.length);
		}
		try (RawClient client = RawClient.connect(running.operationsPort()).request(lines.toArray(String[]::new))) {
			client.send(body);
			client.socket().shutdownOutput();
			return client.response();
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] latin1(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** A page or a stack trace would help only an attacker. */
	private static void assertTellsInJson(Response response, int status) {
		assertThat(response.status()).as(response.toString()).isEqualTo(status);
		assertThat(response.header("Content-Type")).isIn("application/json", "application/problem+json");
		assertThat(response.body()).startsWith("{").doesNotContain("<", "Exception", "org.eclipse", "dev.hawser", "tools.jackson");
	}

	private static Arguments row(String label, int status, String code, String target, byte[] body, String... headers) {
		return Arguments.of(label, status, code, target, SEND, body, headers);
	}

	private static Arguments batch(String label, byte[] body) {
		return Arguments.of(label, 400, "InvalidBody", "body", BATCH, body, new String[] { JSON });
	}

	static Stream<Arguments> requests() {
		byte[] x = utf8("x");
		String deep = "[".repeat(100_000) + "]".repeat(100_000);
		return Stream.of(
				row("two types", 400, "BadRequest", "Content-Type", x, TEXT, JSON),
				row("two types that are equal", 400, "BadRequest", "Content-Type", x, TEXT, TEXT),
				row("two keys", 400, "BadRequest", "Idempotency-Key", x, TEXT, "Idempotency-Key: a", "Idempotency-Key: b"),
				row("compressed", 415, "UnsupportedMediaType", "Content-Encoding", x, TEXT, "Content-Encoding: gzip"),
				row("compressed twice", 400, "BadRequest", "Content-Encoding", x, TEXT, "Content-Encoding: identity",
						"Content-Encoding: br"),
				row("compressed for the transfer", 501, "NotImplemented", "Transfer-Encoding", utf8("1\r\nx\r\n0\r\n\r\n"), TEXT,
						"Transfer-Encoding: gzip, chunked"),
				row("another charset", 415, "UnsupportedMediaType", "Content-Type", x, TEXT + "; charset=utf-16"),
				row("a charset that is none", 415, "UnsupportedMediaType", "Content-Type", x, TEXT + "; charset=nonsense"),
				row("two types in one", 415, "UnsupportedMediaType", "Content-Type", x, TEXT + ", application/json"),
				row("half a type", 415, "UnsupportedMediaType", "Content-Type", x, "Content-Type: text"),
				row("a form", 415, "UnsupportedMediaType", "Content-Type", x, "Content-Type: application/x-www-form-urlencoded"),
				row("no type", 415, "UnsupportedMediaType", "Content-Type", x),
				row("text that is no UTF-8", 400, "InvalidBody", "body", latin1("\u00ff"), TEXT),
				row("JSON that is no UTF-8", 400, "InvalidBody", "body", latin1("\"\u00ff\""), JSON),
				row("JSON with a byte order mark", 400, "InvalidParameter", "body", utf8("\ufeff1"), JSON),
				row("deep JSON", 400, "InvalidParameter", "body", utf8(deep), JSON),
				row("no JSON", 400, "InvalidParameter", "body", utf8("NaN"), JSON),
				row("two values", 400, "InvalidParameter", "body", utf8("1 2"), JSON),
				row("nothing as JSON", 400, "InvalidParameter", "body", new byte[0], JSON),
				row("metadata in Latin-1", 400, "InvalidParameter", "X-WebPubSub-Metadata", x, TEXT, "X-WebPubSub-Metadata-A: \u00ff"),
				batch("a batch that is no UTF-8", latin1("{\"pushes\":[{\"all\":true,\"data\":\"\u00ff\"}]}")),
				batch("a batch with a name twice", utf8("{\"pushes\":[{\"all\":true,\"data\":1}],\"pushes\":[]}")),
				batch("a message with a name twice", utf8("{\"pushes\":[{\"all\":true,\"data\":{\"a\":1,\"a\":2}}]}")),
				batch("a deep batch", utf8("{\"pushes\":" + deep + "}")),
				batch("a number that is too large for any reader", utf8("{\"pushes\":[{\"all\":true,\"data\":1e99999999999}]}")),
				batch("a number that is too small for any reader", utf8("{\"pushes\":[{\"all\":true,\"data\":-1e-99999999999}]}")),
				batch("half a pair in a batch", utf8("{\"pushes\":[{\"all\":true,\"data\":\"\\ud800\"}]}")),
				batch("half a batch", utf8("{\"pushes\":[")),
				batch("a list", utf8("[]")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("requests")
	void saysWhatIsWrong(String label, int status, String code, String target, String path, byte[] body, String... headers)
			throws Exception {
		Response response = ask("POST", path, body, headers);
		assertTellsInJson(response, status);
		assertThat(response.header("x-ms-error-code")).as(response.toString()).isEqualTo(code);
		assertThat(response.body()).contains("\"code\":\"" + code + '"', "\"target\":\"" + target + '"');
	}

	/** Refused by Jetty, which tells the path only if there is one. */
	@ParameterizedTest
	@ValueSource(strings = { "/api/hubs/default/%zz", "/api/hubs/default/users/%00/:send", "/api/hubs/default/%2e%2e/x",
			"/api/hubs/%2e%2e/%2e%2e/actuator/env", "/api/hubs/default/../x", "/api/hubs/default/users/a%/:send",
			"/api/hubs/default/users/%c0%af/:send", "/api/hubs/default/users/a b/:send", "/api/hubs/default/users/\u0001/:send",
			"/api/hubs/default/users/\u00ff/:send", "/api/hubs/default/users/%u0041/:send", "/api/hubs/default/users/a#b/:send",
			"/api/hubs/default//:send", "/api/hubs/default/users/a;x=y/:send", "/api/hubs/default/users/./:send",
			"/api/hubs/default/users/%ED%A0%80/:send", "http://evil.example.com/api/hubs/default/:send", "//api/hubs/default/:send", "*",
			"api/hubs/default/:send" })
	void answersABadPathWithJson(String path) throws Exception {
		assertTellsInJson(ask("POST", path, utf8("x"), TEXT), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 1, Content-Length: 1", "Content-Length: 1, Content-Length: 2",
			"Content-Length: 1, Transfer-Encoding: chunked", "Content-Length: -1", "Content-Length: abc", "Transfer-Encoding: gzip",
			"Content-Length: 1, Host: evil.example.com" })
	void answersBadFramingWithJson(String headers) throws Exception {
		List<String> lines = new ArrayList<>(List.of(TEXT));
		lines.addAll(List.of(headers.split(", ")));
		assertTellsInJson(ask("POST", SEND, utf8("x"), lines.toArray(String[]::new)), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "+1", "%2b1", "0x1", "1.0", "1e1", "%D9%A3", "-0.", "1%20", "99999999999999999999", "--1" })
	void takesIntegersInDigitsOnly(String number) throws Exception {
		Response response = ask("POST", SEND + "?messageTtlSeconds=" + number, utf8("x"), TEXT);
		assertTellsInJson(response, 400);
		assertThat(response.body()).contains("\"target\":\"messageTtlSeconds\"");
	}

	/** Whichever of the two is good: another reader on the way could have taken the other one. */
	@Test
	void takesOneAuthorizationOnly() throws Exception {
		for (String[] headers : new String[][] { { "Authorization: Bearer x", token(SEND) }, { token(SEND), "Authorization: Basic x" },
				{ token(SEND), token(SEND) } }) {
			Response response = ApiDoorTests.ask(running.operationsPort(), "POST", SEND, headers[0], headers[1], TEXT, "Content-Length: 0");
			assertTellsInJson(response, 401);
		}
	}

	@Test
	void findsTheProblemFormInAnyAcceptHeader() throws Exception {
		Response response = ask("POST", SEND, utf8("x"), "Accept: text/html", "Accept: APPLICATION/PROBLEM+JSON");
		assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void takesManyExcludedConnections() throws Exception {
		String excluded = String.join(",", IntStream.range(0, 10_000).mapToObj(i -> "\"c" + i + '"').toList());
		Response response = ask("POST", BATCH, utf8("{\"pushes\":[{\"all\":true,\"data\":1,\"excluded\":[" + excluded + "]}]}"), JSON);
		assertThat(response.body()).isEqualTo("{\"results\":[{\"delivery\":\"nobody\"}]}");
	}

	/** A client could not show it: tokens that are longer are refused. */
	@Test
	void makesNoTokenThatIsTooLong() throws Exception {
		String roles = "role=" + "r".repeat(6200);
		Response response = ask("POST", "/api/hubs/default/:generateToken?" + roles, new byte[0]);
		assertTellsInJson(response, 400);
		assertThat(response.body()).contains("\"target\":\"role\"");
		assertThat(ask("POST", "/api/hubs/default/:generateToken?role=" + "r".repeat(5200), new byte[0]).status()).isEqualTo(200);
	}

	@Test
	void answersARequestBehindAnotherOne() throws Exception {
		String head = "POST " + SEND + " HTTP/1.1\r\nHost: localhost:" + running.operationsPort() + "\r\n" + token(SEND) + "\r\n" + TEXT
				+ "\r\nContent-Length: 1\r\n\r\nx";
		try (RawClient client = RawClient.connect(running.operationsPort())) {
			client.send(utf8(head.repeat(20)));
			for (int i = 0; i < 20; i++) {
				assertThat(client.response().status()).isEqualTo(202);
			}
		}
	}
}
