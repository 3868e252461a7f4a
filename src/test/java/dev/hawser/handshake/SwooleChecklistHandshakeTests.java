package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.WebSocketServer;
import dev.hawser.push.SwooleChecklistTests;
import dev.hawser.testing.DeflatingClient;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.ScriptedCallbacks;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseCookie;
import org.springframework.web.HttpRequestHandler;

/** Handshakes and events, as Swoole's own WebSocket tests ask for them; see {@link SwooleChecklistTests}. */
class SwooleChecklistHandshakeTests {
	private static final String OFFER = "permessage-deflate; client_max_window_bits";
	private static final String COMPRESSION = "hawser.connection.compression.enabled=true";

	/** With the built-in handshake. */
	private static RunningHawser hawser;
	/** With a handshake callback. */
	private static RunningHawser deciding;
	private static ScriptedCallbacks callbacks;
	private static WithHandShake handShake;

	/** Callbacks with an OnHandShake that each test chooses, on a server with two ports. */
	public static class WithHandShake extends ScriptedCallbacks {
		private volatile OnHandShake onHandShake = (request, response) -> response.accept();
		private volatile @Nullable ServerConnector second;

		@Bean
		OnHandShake scriptedHandShake() {
			return (request, response) -> onHandShake.onHandShake(request, response);
		}

		/** Plain HTTP on the same port: what onRequest would do. */
		@Bean("/plain")
		HttpRequestHandler plain() {
			return (request, response) -> {
				response.setContentLength(5);
				response.getWriter().write("plain");
			};
		}

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> secondPort() {
			return factory -> factory.addServerCustomizers(jetty -> {
				ServerConnector connector = new ServerConnector(jetty);
				connector.setHost("127.0.0.1");
				jetty.addConnector(connector);
				second = connector;
			});
		}
	}

	@BeforeAll
	static void start() {
		hawser = RunningHawser.start(ScriptedCallbacks.class, COMPRESSION);
		callbacks = hawser.bean(ScriptedCallbacks.class);
		deciding = RunningHawser.start(WithHandShake.class, COMPRESSION, "hawser.connection.close-timeout=10m");
		handShake = deciding.bean(WithHandShake.class);
	}

	@AfterAll
	static void stop() {
		hawser.close();
		deciding.close();
	}

	@BeforeEach
	void forget() {
		callbacks.reset();
		handShake.reset();
		handShake.onHandShake = (request, response) -> response.accept();
	}

	@Test
	@DisplayName("4 compression: messages of every size go compressed both ways, below the threshold as they are")
	void compresses() throws Exception {
		try (DeflatingClient client = DeflatingClient.connect(hawser.port(), OFFER)) {
			assertThat(client.agreed()).startsWith("permessage-deflate");
			assertCompressedEchoes(client);
		}
		try (RawClient client = hawser.connect()) { // not offered, not agreed
			client.send(RawFrame.text("a".repeat(5000)));
			assertThat(client.message()).satisfies(echo -> assertThat(echo.rsv()).isZero());
		}
	}

	@Test
	@DisplayName("38 websocket_compress_on_handshake: with a handshake callback too; the extension itself is not the callback's to name")
	void compressesOnHandShake() throws Exception {
		handShake.onHandShake = (request, response) -> response.header("Sec-WebSocket-Extensions", "permessage-deflate; mine").accept();
		try (DeflatingClient client = DeflatingClient.connect(deciding.port(), OFFER)) {
			assertThat(client.agreed()).isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
			assertCompressedEchoes(client);
		}
		try (DeflatingClient client = DeflatingClient.connect(deciding.port(), "x-other")) {
			assertThat(client.agreed()).isNull();
			assertThat(client.send("a".repeat(5000)).message().compressed()).isFalse();
		}
	}

	private static void assertCompressedEchoes(DeflatingClient client) throws Exception {
		for (int length : new int[] { 1, 125, 126, 1023, 1024, 65535, 65536, 1024 * 1024 }) {
			DeflatingClient.Message echo = client.send("a".repeat(length)).message();
			assertThat(echo.compressed()).as("%d bytes", length).isEqualTo(length >= 1024);
			assertThat(echo.text()).isEqualTo("a".repeat(length));
		}
	}

	@Test
	@DisplayName("10 exists_and_isEstablished: nothing, a handshake, a WebSocket and a closing one are told apart")
	void tellsStatesApart() throws Exception {
		WebSocketServer server = deciding.bean(WebSocketServer.class);
		BlockingQueue<Long> fds = new LinkedBlockingQueue<>();
		BlockingQueue<String> states = new LinkedBlockingQueue<>();
		handShake.onHandShake = (request, response) -> {
			fds.add(request.fd());
			states.add(state(server, request.fd()));
			server.defer(() -> states.add(state(server, request.fd())));
			response.accept();
		};
		assertThat(state(server, 0)).isEqualTo("exists false, established false");
		assertThat(state(server, Long.MAX_VALUE)).isEqualTo("exists false, established false");
		try (RawClient client = RawClient.connect(deciding.port())) {
			assertThat(client.request("GET /plain HTTP/1.1", "Host: localhost").response().body()).isEqualTo("plain");
			client.upgrade("/ws");
			long fd = fds.take();
			assertThat(states.take()).as("during the handshake").isEqualTo("exists false, established false");
			assertThat(states.take()).as("after it").isEqualTo("exists true, established true");
			client.send(RawFrame.text("x"));
			assertThat(handShake.received().fd()).isEqualTo(fd);
			server.disconnect(fd);
			assertThat(state(server, fd)).as("until the client answers").isEqualTo("exists true, established false");
			client.send(RawFrame.close(1000, ""));
			handShake.closed(fd);
			assertThat(state(server, fd)).as("at the end").isEqualTo("exists false, established false");
		}
	}

	private static String state(WebSocketServer server, long fd) {
		return "exists " + server.exists(fd) + ", established " + server.isEstablished(fd);
	}

	@ParameterizedTest(name = "Upgrade: {0}, Connection: {1}")
	@CsvSource(delimiter = '|', textBlock = """
			websocket                | Upgrade
			websocket, abc           | Upgrade, keep-alive
			abc, websocket           | keep-alive, Upgrade
			abc, websocket, def      | abc, Upgrade, def
			abc,WebSocket,def        | keep-alive,UPGRADE
			""")
	@DisplayName("16 header_token: Upgrade and Connection are lists, the token may stand anywhere in any case")
	void readsHeadersAsTokenLists(String upgrade, String connection) throws Exception {
		try (RawClient client = RawClient.connect(hawser.port())) {
			client.request("GET /ws HTTP/1.1", "Host: localhost", "Upgrade: " + upgrade, "Connection: " + connection,
					"Sec-WebSocket-Key: " + RawClient.KEY, "Sec-WebSocket-Version: 13");
			assertThat(client.response().status()).isEqualTo(101);
			client.send(RawFrame.text("through"));
			assertThat(client.message().text()).isEqualTo("through");
		}
	}

	@Test
	@DisplayName("17 listener: a WebSocket on a further port has the same callbacks")
	void servesASecondPort() throws Exception {
		try (RawClient client = RawClient.connect(Objects.requireNonNull(handShake.second).getLocalPort()).upgrade("/ws")) {
			client.send(RawFrame.text("second port"));
			assertThat(client.message().text()).isEqualTo("second port");
			assertThat(handShake.received().text()).isEqualTo("second port");
		}
	}

	@Test
	@DisplayName("21 onDisconnct, different: plain HTTP gets 426 and no event; a WebSocket has open, then close")
	void callsNothingForPlainHttp() throws Exception {
		WebSocketServer server = hawser.bean(WebSocketServer.class);
		long before = server.stats().openedCount();
		try (RawClient plain = RawClient.connect(hawser.port())) {
			var response = plain.request("GET /ws HTTP/1.1", "Host: localhost").response();
			assertThat(response.status()).isEqualTo(426);
			assertThat(response.header("Upgrade")).isEqualTo("websocket");
			assertThat(response.header("Connection")).contains("close");
			assertThat(plain.ended()).isTrue();
		}
		long fd;
		try (RawClient _ = hawser.connect()) {
			fd = callbacks.opened().fd();
		}
		var closed = callbacks.closed(fd);
		assertThat(closed.status().getCode()).isEqualTo(1006);
		assertThat(closed.initiator()).isEqualTo(CloseInitiator.CLIENT);
		assertThat(server.stats().openedCount()).isEqualTo(before + 1);
		Awaitility.await().until(() -> !server.exists(fd) && server.connectionInfo(fd).isEmpty());
	}

	@Test
	@DisplayName("29 query: OnOpen sees the query and may push at once")
	void pushesInOnOpen() throws Exception {
		callbacks.onOpen((server, request) -> server.push(request.fd(), request.query("name").orElse("nobody")));
		try (RawClient client = RawClient.connect(hawser.port()).upgrade("/ws?name=ann%20o&x=1")) {
			assertThat(client.message().text()).isEqualTo("ann o");
		}
	}

	@Test
	@DisplayName("34 set_cookie_on_before_handshake_response: a callback that keeps to the built-in checks adds a cookie to the 101")
	void addsACookieToTheBuiltInVerdict() throws Exception {
		handShake.onHandShake = (request, response) -> request.rejection().ifPresentOrElse(rejection -> {
			rejection.headers().forEach(response::header);
			response.status(rejection.status()).end(rejection.detail());
		}, () -> response.cookie(ResponseCookie.from("seen", "yes").path("/").build()).accept());
		try (RawClient client = RawClient.connect(deciding.port())) {
			var response = client.request(RawClient.handshake("/ws")).response();
			assertThat(response.status()).isEqualTo(101);
			assertThat(response.header("Set-Cookie")).isEqualTo("seen=yes; Path=/");
		}
		try (RawClient client = RawClient.connect(deciding.port())) {
			var response = client.request(RawClient.handshake("/ws", "Origin: http://elsewhere.example")).response();
			assertThat(response.status()).isEqualTo(403);
			assertThat(response.body()).contains("origin");
			assertThat(response.header("Set-Cookie")).isNull();
		}
	}

	@Test
	@DisplayName("35 set_cookie_on_handshake: a Set-Cookie header, a cookie and a header of one's own all arrive")
	void addsCookiesAndHeaders() throws Exception {
		BlockingQueue<HandshakeRequest> requests = new LinkedBlockingQueue<>();
		handShake.onHandShake = (request, response) -> {
			requests.add(request);
			response.header("Set-Cookie", "a=1").cookie(ResponseCookie.from("b", "2").httpOnly(true).build())
					.header("X-Custom", "mine").status(101).end();
		};
		try (RawClient client = RawClient.connect(deciding.port())) {
			var response = client.request(RawClient.handshake("/ws", "Cookie: c=3")).response();
			assertThat(response.status()).isEqualTo(101);
			assertThat(response.header("Set-Cookie")).isEqualTo("a=1, b=2; HttpOnly");
			assertThat(response.header("X-Custom")).isEqualTo("mine");
			assertThat(requests.take().cookies()).containsEntry("c", "3");
		}
	}
}
