package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The opening handshake as a table: the request, and the status and reason of the answer. */
class HandshakeTests {
	private static final String KEY = "Sec-WebSocket-Key: " + RawClient.KEY;
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(Echo.class, "hawser.handshake.subprotocols=chat,superchat");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	// Good handshakes.

	static Stream<Arguments> accepted() {
		return Stream.of(
				good("as in RFC 6455 section 1.2", lines()),
				good("header names in odd case", "GET /ws HTTP/1.1", "hOST: localhost", "UPGRADE: websocket", "connection: Upgrade",
						"sec-websocket-KEY: " + RawClient.KEY, "SEC-WEBSOCKET-VERSION: 13"),
				good("Upgrade in capitals", with("Upgrade", "Upgrade: WebSocket")),
				good("Upgrade lists others before", with("Upgrade", "Upgrade: h2c, websocket")),
				good("Upgrade lists others behind", with("Upgrade", "Upgrade: WEBSOCKET,foo/2")),
				good("Upgrade on two lines", with("Upgrade", "Upgrade: foo", "Upgrade: websocket")),
				good("Connection in lower case", with("Connection", "Connection: upgrade")),
				good("Connection lists keep-alive before", with("Connection", "Connection: keep-alive, Upgrade")),
				good("Connection lists keep-alive behind", with("Connection", "Connection: UPGRADE ,keep-alive")),
				good("Connection with empty elements", with("Connection", "Connection: , ,Upgrade,")),
				good("Connection on two lines", with("Connection", "Connection: keep-alive", "Connection: Upgrade")),
				good("Connection on two lines, the other way round", with("Connection", "Connection: Upgrade", "Connection: x")),
				good("spaces around version and key", with("Sec-WebSocket-", "Sec-WebSocket-Version:   13  ",
						"Sec-WebSocket-Key:\t" + RawClient.KEY + "\t")),
				good("an unknown extension", with("X", "Sec-WebSocket-Extensions: foo; bar=1")),
				good("a body of no bytes", with("X", "Content-Length: 0")),
				good("a query", start("GET /ws?room=1&x=%20 HTTP/1.1")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("accepted")
	void accepts(String label, String[] request) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(request)) {
			var answer = client.response();
			assertThat(answer.status()).as("%s", answer).isEqualTo(101);
			assertThat(answer.header("Upgrade")).isEqualTo("websocket");
			assertThat(answer.header("Connection")).isEqualTo("Upgrade");
			assertThat(answer.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			assertThat(answer.header("Sec-WebSocket-Version")).isEqualTo("13");
			assertThat(answer.headers()).doesNotContainKeys("content-length", "transfer-encoding", "content-type",
					"sec-websocket-extensions", "sec-websocket-protocol");
			client.send(RawFrame.text("hello"));
			assertThat(client.message().text()).isEqualTo("hello");
		}
	}

	@Test
	void answersWithTheStatusLineOfRfc6455() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(lines())) {
			byte[] line = client.socket().getInputStream().readNBytes("HTTP/1.1 101 Switching Protocols\r\n".length());
			assertThat(new String(line, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 101 Switching Protocols\r\n");
		}
	}

	@Test
	void acceptsEveryKeyOfSixteenBytes() throws Exception {
		for (String key : List.of("AAAAAAAAAAAAAAAAAAAAAA==", "/+/+/+/+/+/+/+/+/+/+/w==", "x3JJHMbDL1EzLkh9GBhXDQ==")) {
			try (RawClient client = RawClient.connect(server.port())
					.request(with("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key))) {
				assertThat(client.response().status()).as(key).isEqualTo(101);
			}
		}
	}

	// Bad handshakes.

	static Stream<Arguments> refused() {
		String upgrade = "upgrade: websocket";
		String allow = "allow: GET";
		return Stream.of(
				bad("POST", 405, "method", allow, start("POST /ws HTTP/1.1")),
				bad("PUT", 405, "method", allow, start("PUT /ws HTTP/1.1")),
				bad("DELETE", 405, "method", allow, start("DELETE /ws HTTP/1.1")),
				bad("OPTIONS", 405, "method", allow, start("OPTIONS /ws HTTP/1.1")),
				bad("HTTP/1.0", 426, "http-version", upgrade, start("GET /ws HTTP/1.0")),
				bad("a plain GET", 426, "no-upgrade", upgrade, "GET /ws HTTP/1.1", "Host: localhost"),
				bad("no Upgrade", 426, "no-upgrade", upgrade, with("Upgrade")),
				bad("Upgrade to something else", 426, "no-upgrade", upgrade, with("Upgrade", "Upgrade: h2c")),
				bad("Upgrade to what only begins so", 426, "no-upgrade", upgrade, with("Upgrade", "Upgrade: websocket2")),
				bad("Upgrade empty", 426, "no-upgrade", upgrade, with("Upgrade", "Upgrade:")),
				bad("Content-Length", 400, "body", "", with("X", "Content-Length: 5")),
				bad("chunked body", 400, "body", "", with("X", "Transfer-Encoding: chunked")),
				bad("percent sign and no digits", 400, "query", "", start("GET /ws?a=%ZZ HTTP/1.1")),
				bad("percent sign and one digit", 400, "query", "", start("GET /ws?a=%4 HTTP/1.1")),
				bad("percent sign alone", 400, "query", "", start("GET /ws?% HTTP/1.1")),
				bad("no version", 426, "version", "sec-websocket-version: 13", with("Sec-WebSocket-Version")),
				bad("version 8", 426, "version", "sec-websocket-version: 13", version("8")),
				bad("version 14", 426, "version", "sec-websocket-version: 13", version("14")),
				bad("version 013", 426, "version", "sec-websocket-version: 13", version("013")),
				bad("two versions in a list", 426, "version", "sec-websocket-version: 13", version("13, 8")),
				bad("two versions, the other way round", 426, "version", "sec-websocket-version: 13", version("8, 13")),
				bad("version twice", 400, "version", "", with("X", "Sec-WebSocket-Version: 13")),
				bad("version 13 and version 8", 400, "version", "", with("X", "Sec-WebSocket-Version: 8")),
				bad("no key", 400, "bad-key", "", with("Sec-WebSocket-Key")),
				bad("key empty", 400, "bad-key", "", key("")),
				bad("key twice", 400, "bad-key", "", with("X", KEY)),
				bad("two keys", 400, "bad-key", "", with("X", "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDQ==")),
				bad("two keys in a list", 400, "bad-key", "", key(RawClient.KEY + ", " + RawClient.KEY)),
				bad("key of 15 bytes", 400, "bad-key", "", key("AAAAAAAAAAAAAAAAAAAA")),
				bad("key of 17 bytes", 400, "bad-key", "", key("AAAAAAAAAAAAAAAAAAAAAAA=")),
				bad("key of 18 bytes", 400, "bad-key", "", key("AAAAAAAAAAAAAAAAAAAAAAAA")),
				bad("key without padding", 400, "bad-key", "", key("AAAAAAAAAAAAAAAAAAAAAA")),
				bad("key with half its padding", 400, "bad-key", "", key("AAAAAAAAAAAAAAAAAAAAAA=")),
				bad("key with spare bits set", 400, "bad-key", "", key("AAAAAAAAAAAAAAAAAAAAAB==")),
				bad("key in the URL alphabet", 400, "bad-key", "", key("-_AAAAAAAAAAAAAAAAAAAA==")),
				bad("key with a space in it", 400, "bad-key", "", key("AAAAAAAAAA AAAAAAAAAAA==")),
				bad("subprotocol with a slash", 400, "subprotocol", "", with("X", "Sec-WebSocket-Protocol: a/b")),
				bad("subprotocol of two words", 400, "subprotocol", "", with("X", "Sec-WebSocket-Protocol: a b")),
				bad("subprotocol in quotes", 400, "subprotocol", "", with("X", "Sec-WebSocket-Protocol: \"chat\"")),
				bad("subprotocol not ASCII", 400, "subprotocol", "", with("X", "Sec-WebSocket-Protocol: ch\u00E4t")));
	}

	@ParameterizedTest(name = "{0}: {1} {2}")
	@MethodSource("refused")
	void refuses(String label, int status, String reason, String header, String[] request) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(request)) {
			var answer = client.response();
			assertThat(answer.status()).as("%s", answer).isEqualTo(status);
			assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
			assertThat(answer.header("Content-Length")).isNotNull();
			assertThat(StringUtils.tokenizeToStringArray(answer.header("Connection"), ",")).contains("close");
			if (!header.isEmpty()) {
				String[] nameAndValue = header.split(": ", -1);
				assertThat(answer.header(nameAndValue[0])).isEqualTo(nameAndValue[1]);
			}
			JsonNode problem = JsonMapper.shared().readTree(answer.body());
			assertThat(problem.path("type").asString()).isEqualTo("about:blank");
			assertThat(problem.path("status").asInt()).isEqualTo(status);
			assertThat(problem.path("title").asString()).isNotBlank();
			assertThat(problem.path("detail").asString()).endsWith(".");
			assertThat(problem.path("reason").asString()).isEqualTo(reason);
			assertThat(client.ended()).as("the server ends the stream").isTrue();
		}
	}

	@Test
	void answersHeadWithoutABody() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(start("HEAD /ws HTTP/1.1"))) {
			String all = new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			assertThat(all).startsWith("HTTP/1.1 405 ").contains("Allow: GET").endsWith("\r\n\r\n");
		}
	}

	/** Reading the parameters of a form would wait for its body. */
	@Test
	void refusesAFormWithoutWaitingForItsBody() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request("POST /ws HTTP/1.1", "Host: localhost",
				"Content-Type: application/x-www-form-urlencoded", "Content-Length: 1000")) {
			assertThat(client.response().status()).isEqualTo(405);
		}
	}

	// Subprotocols.

	static Stream<Arguments> subprotocols() {
		return Stream.of(
				offer("one that the server knows", "chat", "Sec-WebSocket-Protocol: chat"),
				offer("the client's order counts", "superchat", "Sec-WebSocket-Protocol: superchat, chat"),
				offer("the first one known", "superchat", "Sec-WebSocket-Protocol: mqtt, superchat, chat"),
				offer("on two lines", "chat", "Sec-WebSocket-Protocol: mqtt", "Sec-WebSocket-Protocol: chat"),
				offer("names are case-sensitive", null, "Sec-WebSocket-Protocol: CHAT"),
				offer("none that the server knows", null, "Sec-WebSocket-Protocol: mqtt"),
				offer("none offered", null));
	}

	private static Arguments offer(String label, @Nullable String chosen, String... headers) {
		return Arguments.of(label, chosen, headers);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("subprotocols")
	void choosesAtMostOneOfTheOfferedSubprotocols(String label, @Nullable String chosen, String[] headers) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws", headers))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo(chosen);
		}
	}

	// Frames behind the handshake.

	@Test
	void keepsAFrameThatCameWithTheHandshake() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).send(handshakeBytes(), RawFrame.text("early").bytes())) {
			assertThat(client.response().status()).isEqualTo(101);
			assertThat(client.message().text()).isEqualTo("early");
		}
	}

	@Test
	void keepsManyFramesThatCameWithTheHandshake() throws Exception {
		List<byte[]> chunks = new ArrayList<>(List.of(handshakeBytes()));
		IntStream.range(0, 5000).forEach(i -> chunks.add(RawFrame.text("early " + i).bytes()));
		try (RawClient client = RawClient.connect(server.port()).send(chunks.toArray(byte[][]::new))) {
			assertThat(client.response().status()).isEqualTo(101);
			for (int i = 0; i < 5000; i++) {
				assertThat(client.message().text()).isEqualTo("early " + i);
			}
		}
	}

	@Test
	void joinsAFrameThatBeganWithTheHandshake() throws Exception {
		byte[] frame = RawFrame.text("split").bytes();
		for (int at = 1; at < frame.length; at++) {
			try (RawClient client = RawClient.connect(server.port()).send(handshakeBytes(), Arrays.copyOf(frame, at))) {
				assertThat(client.response().status()).isEqualTo(101);
				client.send(Arrays.copyOfRange(frame, at, frame.length));
				assertThat(client.message().text()).as("split at %s", at).isEqualTo("split");
			}
		}
	}

	@Test
	void takesAHandshakeThatComesByteByByte() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			for (byte b : handshakeBytes()) {
				client.send(new byte[] { b });
			}
			assertThat(client.response().status()).isEqualTo(101);
		}
	}

	// Requests that never reach the checks.

	static Stream<Arguments> brokenHttp() {
		return Stream.of(
				broken("no Connection", 400, with("Connection")),
				broken("Connection with Upgrade in a quoted string", 400, with("Connection", "Connection: \"x, Upgrade, y\"")),
				broken("Connection with Upgrade behind an escaped quote", 400, with("Connection", "Connection: \"\\\", Upgrade, \"")),
				broken("Upgrade with websocket in a quoted string", 426, with("Upgrade", "Upgrade: \"x, websocket, y\"")),
				broken("Connection without Upgrade", 400, with("Connection", "Connection: keep-alive")),
				broken("Connection with what only begins so", 400, with("Connection", "Connection: upgraded")),
				broken("another version of HTTP", 505, "GET /ws HTTP/3.0", "Host: localhost"),
				broken("no HTTP", 505, "HELO localhost"),
				broken("request line of one word", 400, "GET"),
				broken("no Host", 400, with("Host")),
				broken("Host twice", 400, with("X", "Host: example.org")),
				broken("header without a colon", 400, with("X", "nonsense")),
				broken("header name with a space", 400, with("X", "Bad Name: 1")),
				broken("Content-Length twice", 400, with("X", "Content-Length: 1", "Content-Length: 2")),
				broken("Content-Length beside chunks", 400, with("X", "Content-Length: 1", "Transfer-Encoding: chunked")),
				broken("header too large", 431, with("X", "X-Large: " + "x".repeat(20_000))));
	}

	private static Arguments broken(String label, int status, String... request) {
		return Arguments.of(label, status, request);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("brokenHttp")
	void refusesBrokenHttp(String label, int status, String[] request) throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(request)) {
			var answer = client.response();
			assertThat(answer.status()).as("%s", answer).isEqualTo(status);
			assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
			assertThat(JsonMapper.shared().readTree(answer.body()).path("status").asInt()).isEqualTo(status);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void answersAnUnknownPathWith404() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/nowhere"))) {
			assertThat(client.response().status()).isEqualTo(404);
		}
	}

	private static byte[] handshakeBytes() {
		return (String.join("\r\n", lines()) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String[] lines() {
		return RawClient.handshake("/ws");
	}

	/** A good handshake with another request line. */
	private static String[] start(String requestLine) {
		String[] lines = lines();
		lines[0] = requestLine;
		return lines;
	}

	/** A good handshake without the headers whose names begin with this text, and with these further headers. */
	private static String[] with(String without, String... lines) {
		return Stream.concat(Arrays.stream(lines()).filter(line -> !line.startsWith(without)), Arrays.stream(lines))
				.toArray(String[]::new);
	}

	private static String[] key(String key) {
		return with("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key);
	}

	private static String[] version(String version) {
		return with("Sec-WebSocket-Version", "Sec-WebSocket-Version: " + version);
	}

	private static Arguments good(String label, String... request) {
		return Arguments.of(label, request);
	}

	private static Arguments bad(String label, int status, String reason, String header, String... request) {
		return Arguments.of(label, status, reason, header, request);
	}
}
