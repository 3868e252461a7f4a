package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.context.annotation.Bean;

/**
 * A plain handshake is answered without Jetty's HTTP connection. A handshake with a tab in it is not plain, but means the same: its
 * client gets the same answer, and the callbacks see the same.
 */
class FirstRequestTests {
	/** What callbacks have seen, for each value of the query parameter {@code case}. */
	private static final Map<String, BlockingQueue<Map<String, Object>>> OPENED = new ConcurrentHashMap<>();
	private static final BlockingQueue<String> CONNECTIONS = new LinkedBlockingQueue<>();

	private static RunningHawser server;
	private static RunningHawser deciding;

	static class Recording {
		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}

		@Bean
		OnOpen onOpen() {
			return (_, request) -> opened(request.query("case").orElse("none"))
					.add(Map.of("uri", request.uri(), "address", String.valueOf(request.remoteAddress().getAddress()),
							"headers", new TreeMap<>(request.headers().toSingleValueMap())));
		}
	}

	static class Deciding {
		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}

		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> response.status(402).end("no");
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Recording.class, "hawser.client-address.trusted-proxies=127.0.0.1",
				"hawser.handshake.subprotocols=chat");
		deciding = RunningHawser.start(Deciding.class);
		connector().addEventListener(new Connection.Listener() {
			@Override
			public void onOpened(Connection connection) {
				CONNECTIONS.add(connection instanceof HttpConnection ? "http" : "other");
			}
		});
	}

	private static Connector connector() {
		return ((JettyWebServer) server.webServer()).getServer().getConnectors()[0];
	}

	@AfterAll
	static void stop() {
		server.close();
		deciding.close();
	}

	private static BlockingQueue<Map<String, Object>> opened(String of) {
		return OPENED.computeIfAbsent(of, _ -> new LinkedBlockingQueue<>());
	}

	private static String[] good(String... more) {
		return RawClient.handshake(
				"/ws?access_token=" + RunningHawser.token() + "&name=a%20b&case=" + more.length + "-" + Arrays.hashCode(more), more);
	}

	static Stream<Arguments> requests() {
		return Stream.of(
				Arguments.of("accepted", 101, good("X-Own: own", "Cookie: a=b", "X-Own: again")),
				Arguments.of("with a subprotocol", 101, good("Sec-WebSocket-Protocol: chat")),
				Arguments.of("behind a proxy", 101,
						good("X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: example.org")),
				Arguments.of("behind two proxies", 101,
						good("Forwarded: for=192.0.2.8;proto=https;host=example.org, for=127.0.0.1", "ce-id: 1")),
				Arguments.of("behind a proxy that contradicts itself", 400, good("X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.8")),
				Arguments.of("without a token", 401, RawClient.handshake("/ws")),
				Arguments.of("with a bad token", 401, RawClient.handshake("/ws?access_token=a.b.c")),
				Arguments.of("of another site", 403, good("Origin: https://evil.example")),
				Arguments.of("with a bad query", 400, RawClient.handshake("/ws?access_token=%zz")),
				Arguments.of("with a bad key", 400, good("Sec-WebSocket-Key: again")),
				Arguments.of("to nowhere", 404, RawClient.handshake("/nowhere")));
	}

	private static String[] withATab(String[] request) {
		String[] tabbed = request.clone();
		tabbed[1] = tabbed[1].replaceFirst(": ", ":\t");
		return tabbed;
	}

	private record Answer(int status, Map<String, String> headers, String body) {
		static Answer to(String... request) throws Exception {
			try (RawClient client = RawClient.connect(server.port()).request(request)) {
				RawClient.Response response = client.response();
				Map<String, String> headers = new TreeMap<>(response.headers());
				headers.keySet().removeIf(name -> name.equalsIgnoreCase("Date") || name.equalsIgnoreCase("Hawser-Connection-Id"));
				return new Answer(response.status(), headers, response.body());
			}
		}
	}

	private static String connection() throws InterruptedException {
		return CONNECTIONS.poll(60, TimeUnit.SECONDS);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("requests")
	void answersAsThroughJetty(String label, int status, String[] request) throws Exception {
		Answer plain = Answer.to(request);
		Answer tabbed = Answer.to(withATab(request));
		assertThat(plain.status).isEqualTo(status);
		assertThat(plain).isEqualTo(tabbed);
		if (status == 101) {
			BlockingQueue<Map<String, Object>> seen = opened(request[0].replaceAll(".*case=([-0-9]+).*", "$1"));
			assertThat(seen.poll(60, TimeUnit.SECONDS)).isNotNull().isEqualTo(seen.poll(60, TimeUnit.SECONDS));
		}
	}

	@Test
	void takesNoHttpConnectionForAPlainHandshake() throws Exception {
		CONNECTIONS.clear();
		Answer.to(good());
		Answer.to(withATab(good()));
		assertThat(List.of(connection(), connection(), connection())).containsExactly("other", "other", "http");
	}

	@Test
	void sendsADate() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws"))) {
			assertThat(client.response().header("Date")).endsWith("GMT");
		}
	}

	@Test
	void endsTheConnectionWithARefusal() throws Exception {
		try (RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws"))) {
			assertThat(client.response().header("Connection")).contains("close");
			assertThat(client.ended()).isTrue();
			client.send("GET /ws HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)); // no client listens and none resets
		}
	}

	@Test
	void readsFramesThatComeWithTheHandshake() throws Exception {
		byte[] head = (String.join("\r\n", good()) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
		byte[] ping = RawFrame.ping("early".getBytes(StandardCharsets.US_ASCII)).bytes();
		byte[] both = new byte[head.length + ping.length];
		System.arraycopy(head, 0, both, 0, head.length);
		System.arraycopy(ping, 0, both, head.length, ping.length);
		try (RawClient client = RawClient.connect(server.port()).send(both)) {
			assertThat(client.response().status()).isEqualTo(101);
			assertThat(client.frame().text()).isEqualTo("early");
		}
	}

	/** More than Jetty reads at once. */
	@ParameterizedTest
	@ValueSource(ints = { 4_000, 20_000, 60_000, 200_000 })
	void readsManyFramesThatComeWithTheHandshakeOnBothWays(int size) throws Exception {
		for (String[] request : List.of(good(), withATab(good()))) {
			ByteArrayOutputStream all = new ByteArrayOutputStream();
			all.write((String.join("\r\n", request) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			for (int sent = 0; sent < size; sent += 1000) {
				all.write(RawFrame.binary(new byte[1000]).bytes());
			}
			all.write(RawFrame.ping("last".getBytes(StandardCharsets.US_ASCII)).bytes());
			try (RawClient client = RawClient.connect(server.port()).send(all.toByteArray())) {
				assertThat(client.response().status()).isEqualTo(101);
				assertThat(client.frame().text()).isEqualTo("last");
			}
		}
	}

	@Test
	void answersManyRequestsThatComeTogether() throws Exception {
		String request = "GET /nowhere?" + "x".repeat(4000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
		try (RawClient client = RawClient.connect(server.port()).send(request.repeat(14).getBytes(StandardCharsets.US_ASCII))) {
			for (int i = 0; i < 14; i++) {
				assertThat(client.response().status()).as("answer %d", i).isEqualTo(404);
			}
		}
	}

	@Test
	void readsAHandshakeThatComesByteByByte() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			for (byte one : (String.join("\r\n", good()) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII)) {
				client.send(new byte[] { one });
			}
			assertThat(client.response().status()).isEqualTo(101);
		}
	}

	@Test
	void runsDecisionsThatMayWaitOnAThreadOfTheirOwn() throws Exception {
		try (RawClient client = RawClient.connect(deciding.port()).request(RawClient.handshake("/ws"))) {
			RawClient.Response response = client.response();
			assertThat(response.status()).isEqualTo(402);
			assertThat(response.body()).isEqualTo("no");
		}
	}

	@Test
	void forgetsSocketsThatSayNothing() throws Exception {
		CONNECTIONS.clear();
		try (RawClient _ = RawClient.connect(server.port())) {
			assertThat(connection()).isEqualTo("other");
		}
		await().untilAsserted(() -> assertThat(connector().getConnectedEndPoints()).isEmpty());
	}
}
