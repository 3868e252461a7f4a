package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseCookie;

/** An application that decides on handshakes itself; a request names the script that the callback runs. */
@ReadsLog
class OnHandShakeTests {
	private static final Map<String, OnHandShake> SCRIPTS = new ConcurrentHashMap<>();
	private static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
	private static RunningHawser running;
	private static WebSocketServer server;

	static class Callbacks {
		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> Objects.requireNonNull(SCRIPTS.get(request.query("do").orElse("accept"))).onHandShake(request,
					response);
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				EVENTS.add("message " + frame.text());
				server.push(frame.fd(), "got " + frame.text());
			};
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> EVENTS.add("close " + status.getCode());
		}
	}

	static class WithOpen extends Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> EVENTS.add("open");
		}
	}

	@BeforeAll
	static void start() {
		// tokens are required: what the built-in check finds is advice only
		running = RunningHawser.startSecure(Callbacks.class);
		server = running.bean(WebSocketServer.class);
		SCRIPTS.put("accept", (request, response) -> response.accept());
	}

	@AfterAll
	static void stop() {
		running.close();
	}

	@BeforeEach
	void forget() {
		EVENTS.clear();
	}

	/** The events without closes: connections of earlier tests may still be closing. */
	private static List<String> eventsButCloses() {
		return EVENTS.stream().filter(event -> !event.startsWith("close")).toList();
	}

	private static RawClient ask(String script, OnHandShake does, String... headers) throws Exception {
		SCRIPTS.put(script, does);
		return RawClient.connect(running.port()).request(RawClient.handshake("/ws?do=" + script, headers));
	}

	@Test
	void rejectsWithAnyStatusHeadersAndBody() throws Exception {
		try (RawClient client = ask("teapot", (request, response) -> response.status(418).header("X-Why", "tea")
				.header("X-Why", "no coffee").header("Content-Type", "text/plain;charset=utf-8")
				.cookie(ResponseCookie.from("seen", "1").path("/").build()).end("Sh\u00F6rt and stout"))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(418);
			assertThat(answer.header("X-Why")).isEqualTo("tea, no coffee");
			assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
			assertThat(answer.header("Set-Cookie")).isEqualTo("seen=1; Path=/");
			assertThat(answer.header("Connection")).isEqualTo("close");
			assertThat(answer.header("Upgrade")).isNull();
			assertThat(answer.header("Sec-WebSocket-Accept")).isNull();
			assertThat(answer.body()).isEqualTo("Sh\u00F6rt and stout");
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void hasNoConnectionWithoutA101(CapturedOutput output) throws Exception {
		try (RawClient client = ask("huge", (_, response) -> response.header("X-Huge", "x".repeat(70_000)).accept())) {
			assertThat(client.response().status()).isEqualTo(500);
			assertThat(client.ended()).isTrue();
		}
		assertThat(output).contains("too large for a response");
		try (RawClient client = ask("accept", (_, response) -> response.accept()).send(RawFrame.text("next"))) {
			assertThat(client.response().status()).isEqualTo(101);
			assertThat(client.message().text()).isEqualTo("got next");
			assertThat(server.connections().count()).as("the only one").isEqualTo(1);
		}
	}

	@Test
	void setsTheUserOfTheConnection() throws Exception {
		String target = "/ws?do=membership&access_token=" + RunningHawser.token();
		SCRIPTS.put("membership", (request, response) -> {
			request.attributes().put("from", request.connectionId());
			response.user("carol").roles(List.of("sender")).roles(List.of("reader")).groups(List.of("lobby")).attribute("tenant", 7)
					.keepClaims("sub", "none").accept();
		});
		try (RawClient client = RawClient.connect(running.port()).upgrade(target).send(RawFrame.text("here"))) {
			assertThat(client.message().text()).isEqualTo("got here");
			long fd = server.connections().filter(one -> server.attributes(one).containsKey("tenant")).findFirst().orElseThrow();
			assertThat(server.connectionInfo(fd).orElseThrow().userId()).isEqualTo("carol");
			assertThat(server.connectionInfo(fd).orElseThrow().connectionId()).matches("test-[0-9a-f]{6}-" + fd);
			assertThat(server.connectionInfo(fd).orElseThrow().principal()).extracting(Principal::getName).as("of the token")
					.isEqualTo("developer");
			assertThat(server.roles(fd)).containsExactlyInAnyOrder("sender", "reader");
			assertThat(server.groups(fd)).containsExactly("lobby");
			assertThat(server.members("default", "lobby")).containsExactly(fd);
			assertThat(server.attributes(fd)).containsOnly(Map.entry("from", server.connectionInfo(fd).orElseThrow().connectionId()),
					Map.entry("tenant", 7),
					Map.entry(HandshakeResponse.CLAIMS, Map.of("sub", "developer")));
			assertThat(server.attributes(fd + 1000)).isEmpty();
			assertThat(server.roles(fd + 1000)).isEmpty();
		}
	}

	@Test
	void countsConnectionsOfTheUserThatTheApplicationNames() throws Exception {
		SCRIPTS.put("dave", (_, response) -> response.user("dave").accept());
		try (RunningHawser narrow = RunningHawser.start(Callbacks.class, "hawser.connection.limits.per-user=1");
				RawClient _ = RawClient.connect(narrow.port()).upgrade("/ws?do=dave").awaitOpen();
				RawClient second = RawClient.connect(narrow.port()).request(RawClient.handshake("/ws?do=dave"))) {
			RawClient.Response answer = second.response();
			assertThat(answer.status()).isEqualTo(429);
			assertThat(answer.body()).contains("user-connections");
		}
	}

	@Test
	void rejectsWithBytes() throws Exception {
		byte[] body = "\u0000binary".getBytes(StandardCharsets.UTF_8);
		try (RawClient client = ask("bytes", (request, response) -> response.status(200).end(body))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).isEqualTo("\u0000binary");
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void rejectsWith400WhenNoStatusIsSet() throws Exception {
		try (RawClient client = ask("end", (request, response) -> response.end())) {
			assertThat(client.response().status()).isEqualTo(400);
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void sendsHeadersCookiesAndSubprotocolWithThe101() throws Exception {
		try (RawClient client = ask("headers", (request, response) -> response.header("X-Node", "a").header("X-Node", "b")
				.cookie(ResponseCookie.from("id", "1").httpOnly(true).build()).cookie(ResponseCookie.from("theme", "dark").build())
				.subprotocol("v2").accept(), "Sec-WebSocket-Protocol: v1, v2")) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("X-Node")).isEqualTo("a, b");
			assertThat(answer.header("Set-Cookie")).isEqualTo("id=1; HttpOnly, theme=dark");
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo("v2");
			assertThat(answer.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			client.send(RawFrame.text("hello"));
			assertThat(client.message().text()).isEqualTo("got hello");
		}
	}

	/** As in the Swoole manual's example, which makes the 101 by hand. */
	@Test
	void makesTheHeadersOfThe101Itself() throws Exception {
		try (RawClient client = ask("by-hand", (request, response) -> response.header("Upgrade", "foo").header("Connection", "close")
				.header("Sec-WebSocket-Accept", "wrong").header("Sec-WebSocket-Version", "8")
				.header("Sec-WebSocket-Protocol", request.header("Sec-WebSocket-Protocol").orElse("")).status(101).end("ignored"),
				"Sec-WebSocket-Protocol: v1, v2")) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(101);
			assertThat(answer.header("Upgrade")).isEqualTo("websocket");
			assertThat(answer.header("Connection")).isEqualTo("Upgrade");
			assertThat(answer.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			assertThat(answer.header("Sec-WebSocket-Version")).isEqualTo("13");
			assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo("v1");
			client.send(RawFrame.text("hello"));
			assertThat(client.message().text()).isEqualTo("got hello");
		}
	}

	@Test
	void answers500WhenItReturnsWithoutAnEnd(CapturedOutput log) throws Exception {
		try (RawClient client = ask("silent", (request, response) -> response.status(101))) {
			assertFailure(client);
		}
		assertThat(log).contains("OnHandShake returned without calling end()");
	}

	@Test
	void answers500WhenItThrows() throws Exception {
		try (RawClient client = ask("throws", (request, response) -> {
			throw new Exception("of secret cause");
		})) {
			assertFailure(client);
		}
		try (RawClient client = ask("error", (request, response) -> {
			throw new AssertionError("of secret cause");
		})) {
			assertFailure(client);
		}
		try (RawClient client = ask("late", (request, response) -> {
			response.accept();
			throw new IllegalStateException("of secret cause");
		})) {
			assertFailure(client);
		}
	}

	private static void assertFailure(RawClient client) throws Exception {
		var answer = client.response();
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.header("Connection")).isEqualTo("close");
		assertThat(answer.body()).contains("\"reason\":\"callback\"").doesNotContain("secret");
		assertThat(client.ended()).isTrue();
	}

	@Test
	void cannotAcceptABrokenHandshake() throws Exception {
		BlockingQueue<HandshakeRejection> found = new LinkedBlockingQueue<>();
		SCRIPTS.put("bad-key", (request, response) -> {
			assertThat(request.hasValidKey()).isFalse();
			found.add(request.rejection().orElseThrow());
			response.accept();
		});
		String[] lines = RawClient.handshake("/ws?do=bad-key");
		lines[4] = "Sec-WebSocket-Key: short";
		try (RawClient client = RawClient.connect(running.port()).request(lines)) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.body()).contains("\"reason\":\"bad-key\"");
			assertThat(client.ended()).isTrue();
		}
		assertThat(found.poll()).extracting(HandshakeRejection::reason, HandshakeRejection::waivable).containsExactly("bad-key", false);
	}

	@Test
	void isNotAskedAboutRequestsThatWantNoUpgrade() throws Exception {
		SCRIPTS.put("count", (request, response) -> {
			EVENTS.add("asked");
			response.accept();
		});
		try (RawClient client = RawClient.connect(running.port()).request("GET /ws?do=count HTTP/1.1", "Host: localhost")) {
			assertThat(client.response().status()).isEqualTo(426);
		}
		try (RawClient client = RawClient.connect(running.port()).request("POST /ws?do=count HTTP/1.1", "Host: localhost")) {
			assertThat(client.response().status()).isEqualTo(405);
		}
		assertThat(eventsButCloses()).isEmpty();
	}

	@Test
	void learnsWhatTheBuiltInChecksFound() throws Exception {
		OnHandShake tell = (request, response) -> {
			EVENTS.add(request.rejection().map(HandshakeRejection::reason).orElse("fine") + " "
					+ request.principal().map(Object::toString).orElse("nobody"));
			assertThat(request.hasValidKey()).isTrue();
			response.accept();
		};
		try (RawClient client = ask("tell", tell)) {
			assertThat(client.response().status()).isEqualTo(101);
		}
		try (RawClient client = ask("tell", tell, "Authorization: Bearer nonsense")) {
			assertThat(client.response().status()).isEqualTo(101);
		}
		try (RawClient client = ask("tell", tell, "Authorization: Bearer " + RunningHawser.token())) {
			assertThat(client.response().status()).isEqualTo(101);
		}
		assertThat(eventsButCloses()).containsExactly("token-missing nobody",
				"token-invalid nobody", "fine developer");
	}

	@Test
	void refusesAnswersThatCannotBeGiven() throws Exception {
		try (RawClient client = ask("wrong", (request, response) -> {
			assertThatThrownBy(() -> response.status(100)).isInstanceOf(IllegalArgumentException.class);
			assertThatThrownBy(() -> response.status(102)).isInstanceOf(IllegalArgumentException.class);
			assertThatThrownBy(() -> response.status(600)).isInstanceOf(IllegalArgumentException.class);
			assertThatThrownBy(() -> response.subprotocol("v3")).hasMessageContaining("was not offered");
			assertThatThrownBy(() -> response.header("X", "a\r\nSet-Cookie: b=c")).hasMessageContaining("line break");
			assertThatThrownBy(() -> response.header("X\r\nY", "a")).hasMessageContaining("line break");
			response.status(204).end();
			assertThatThrownBy(() -> response.status(101)).isInstanceOf(IllegalStateException.class);
			assertThatThrownBy(() -> response.header("X", "a")).isInstanceOf(IllegalStateException.class);
			assertThatThrownBy(response::end).isInstanceOf(IllegalStateException.class);
			EVENTS.add("all refused");
		}, "Sec-WebSocket-Protocol: v1")) {
			assertThat(client.response().status()).isEqualTo(204);
		}
		assertThat(eventsButCloses()).containsExactly("all refused");
	}

	@Test
	void defersUntilThe101IsOnTheWireAndBeforeTheFirstMessage() throws Exception {
		SCRIPTS.put("defer", (request, response) -> {
			long fd = request.fd();
			assertThat(server.exists(fd)).isFalse();
			server.defer(() -> {
				EVENTS.add("open " + server.isEstablished(fd));
				server.push(fd, "welcome");
				server.defer(() -> EVENTS.add("after open"));
			});
			EVENTS.add("handshake");
			response.accept();
		});
		byte[] handshake = (String.join("\r\n", RawClient.handshake("/ws?do=defer")) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
		try (RawClient client = RawClient.connect(running.port()).send(handshake, RawFrame.text("first").bytes())) {
			assertThat(client.response().status()).isEqualTo(101);
			assertThat(client.message().text()).isEqualTo("welcome");
			assertThat(client.message().text()).isEqualTo("got first");
			assertThat(eventsButCloses()).containsExactly("handshake", "open true", "after open", "message first");
		}
	}

	@Test
	void dropsWhatARefusedHandshakeDeferred() throws Exception {
		try (RawClient client = ask("defer-refuse", (request, response) -> {
			server.defer(() -> EVENTS.add("deferred"));
			response.status(403).end();
		})) {
			assertThat(client.response().status()).isEqualTo(403);
			assertThat(client.ended()).isTrue();
		}
		try (RawClient client = ask("accept", (request, response) -> response.accept())) {
			client.response();
			client.send(RawFrame.text("x"));
			client.message();
		}
		assertThat(EVENTS).doesNotContain("deferred");
	}

	@Test
	void closesWith1011WhenADeferredTaskThrows() throws Exception {
		try (RawClient client = ask("defer-throws", (request, response) -> {
			server.defer(() -> {
				throw new IllegalStateException("deferred");
			});
			response.accept();
		})) {
			assertThat(client.response().status()).isEqualTo(101);
			assertThat(client.message().closeCode()).isEqualTo(1011);
			await().until(() -> EVENTS.contains("close 1011"));
		}
	}

	@Test
	void putsOnOpenOutOfUseAndWarnsOnce(CapturedOutput log) throws Exception {
		try (RunningHawser both = RunningHawser.start(WithOpen.class); RawClient client = both.connect()) {
			client.send(RawFrame.text("x"));
			client.message();
			assertThat(eventsButCloses()).containsExactly("message x");
			assertThat(log.getAll().split("OnOpen will not be called by itself", -1)).as("one warning").hasSize(2);
			assertThat(log.getAll().lines().filter(line -> line.contains("OnOpen will not be called by itself")))
					.singleElement().asString().contains("WARN", "Both OnHandShake and OnOpen are declared", "server.defer(...)");
		}
	}
}
