package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ForHub;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.SharedKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With every logger at TRACE and every way to connect used, no token, cookie, key, query or payload is logged. */
@ReadsLog
class NoSecretsInLogsTests {
	private static final String SECRET = "signing-secret-signing-secret-signing-secret";
	private static final String KEY = "operators-secret-operators-secret-operators";
	private static final String PUSH_KEY = "callers-secret-callers-secret-callers-secret";
	private static final String PAYLOAD = "payload-of-a-message";
	private static final String COOKIE = "cookie-of-a-session";
	private static final String REASON = "reason-of-a-close";
	private static final String HEADER = "header-of-a-proxy";

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
			};
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				if (frame.isText() && frame.text().endsWith("throw")) {
					throw new IllegalStateException("thrown on purpose");
				}
				server.push(frame.fd(), frame);
			};
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> {
			};
		}

		@Bean
		@ForHub("deciding")
		OnMessage quiet() {
			return (server, frame) -> {
			};
		}

		@Bean
		@ForHub("deciding")
		OnHandShake onHandShake() {
			return (request, response) -> {
				throw new IllegalStateException("thrown on purpose");
			};
		}
	}

	private static final List<String> SHOWN = new ArrayList<>();

	private static String token() {
		String token = DevelopmentToken.mint(SECRET, List.of("hawser"));
		SHOWN.add(token);
		return token;
	}

	/** All of it, and each part: a part of a signature is a part of a secret too. */
	private static Stream<String> secrets() {
		Stream<String> tokens = SHOWN.stream().flatMap(token -> Stream.of(token.split("\\.")).skip(1));
		return Stream.concat(Stream.of(SECRET, KEY, PUSH_KEY, PAYLOAD, COOKIE, REASON, HEADER), tokens)
				.flatMap(secret -> Stream.of(secret, HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8))));
	}

	@Test
	void logsNoSecretAtAnyLevel(CapturedOutput log) throws Exception {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		try (RunningHawser server = RunningHawser.startAsConfigured(Callbacks.class, "hawser.handshake.token.secret=" + SECRET,
				"hawser.operations.key=" + KEY, "hawser.push.key=" + PUSH_KEY, "hawser.push.on-client-port=true",
				"logging.level.root=trace", "hawser.handshake.subprotocols=chat",
				"hawser.connection.compression.enabled=true", "hawser.connection.compression.threshold=1B",
				"hawser.hubs.deciding.path=/deciding")) {
			useEveryWayIn(server);
			talk(server);
			operate(server);
			push(server);
			Awaitility.await()
					.until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 0);
		}
		finally {
			logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
		}
		String text = log.getAll();
		assertThat(text).as("there is a log").contains("TRACE", "DEBUG");
		secrets().forEach(secret -> assertThat(text.lines().filter(line -> line.contains(secret)).findFirst()).as(secret).isEmpty());
	}

	private static void useEveryWayIn(RunningHawser server) throws Exception {
		String cookie = "Cookie: session=" + COOKIE;
		String proxied = "X-Forwarded-For: " + HEADER;
		String bad = DevelopmentToken.mint("another-secret-another-secret-another", List.of("hawser"));
		SHOWN.add(bad);
		for (String[] request : new String[][] {
				RawClient.handshake("/ws", "Authorization: Bearer " + token(), cookie, proxied),
				RawClient.handshake("/ws?access_token=" + token() + "&more=" + COOKIE, cookie),
				RawClient.handshake("/ws", "Sec-WebSocket-Protocol: bearer, " + token() + ", chat"),
				RawClient.handshake("/ws", "Cookie: access_token=" + token()),
				RawClient.handshake("/ws", "Cookie: access_token=" + bad),
				RawClient.handshake("/ws?access_token=" + bad, "Origin: https://evil.example"),
				RawClient.handshake("/ws?access_token=" + token() + "&awps_connection_id=test-1&awps_reconnection_token=" + token()),
				RawClient.handshake("/client/hubs/default?awps_connection_id=test-1&awps_reconnection_token=" + token(),
						"Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1"),
				RawClient.handshake("/ws?access_token=%zz" + COOKIE),
				RawClient.handshake("/ws?" + COOKIE.repeat(1000)),
				RawClient.handshake("/deciding?access_token=" + token(), cookie),
				RawClient.handshake("/nowhere?access_token=" + token(), cookie),
				{ "GET /ws?access_token=" + token() + " HTTP/1.1", "Host: localhost", cookie },
				{ "POST /ws?access_token=" + token() + " HTTP/1.1", "Host: localhost", "Content-Length: 0", cookie },
				{ "GET /" + COOKIE + " \r HTTP/1.1", "Host: localhost" } }) {
			try (RawClient client = RawClient.connect(server.port()).request(request)) {
				client.response();
			}
		}
	}

	private static void talk(RunningHawser server) throws Exception {
		String target = "/ws?access_token=" + token();
		try (RawClient client = RawClient.connect(server.port()).upgrade(target)) {
			client.send(RawFrame.text(PAYLOAD), RawFrame.binary(PAYLOAD.getBytes(StandardCharsets.UTF_8)),
					RawFrame.ping(PAYLOAD.getBytes(StandardCharsets.UTF_8)));
			client.message();
			client.message();
			client.send(RawFrame.close(4000, REASON));
			client.ended();
		}
		talkAndComeBack(server);
		try (RawClient client = RawClient.connect(server.port()).upgrade(target)) {
			client.send(RawFrame.text(PAYLOAD + "throw"));
			assertThat(client.message().closeCode()).isEqualTo(1011);
		}
		try (RawClient client = RawClient.connect(server.port()).upgrade(target)) {
			client.send(RawFrame.opcode(3).payload(PAYLOAD.getBytes(StandardCharsets.UTF_8)));
			assertThat(client.message().closeCode()).isEqualTo(1002);
		}
		try (RawClient client = RawClient.connect(server.port()).upgrade(target, "Sec-WebSocket-Extensions: permessage-deflate")) {
			client.send(RawFrame.text(PAYLOAD));
			client.message();
		}
	}

	/** In a client's subprotocol, with the token that the server gives to it. */
	private static void talkAndComeBack(RunningHawser server) throws Exception {
		String path = "/client/hubs/default?";
		String protocol = "Sec-WebSocket-Protocol: json.reliable.webpubsub.azure.v1";
		try (RawClient client = RawClient.connect(server.port()).upgrade(path + "access_token=" + token(), protocol)) {
			JsonNode connected = JsonMapper.shared().readTree(client.message().text());
			String reconnection = connected.path("reconnectionToken").asString();
			assertThat(reconnection).isNotEmpty();
			SHOWN.add(reconnection);
			try (RawClient again = RawClient.connect(server.port()).upgrade(path + "awps_connection_id="
					+ connected.path("connectionId").asString() + "&awps_reconnection_token=" + reconnection, protocol)) {
				again.send(RawFrame.text("{\"type\":\"event\",\"event\":\"e\",\"data\":\"" + PAYLOAD + "\",\"ackId\":1}"));
				assertThat(again.message().text()).contains(PAYLOAD);
				assertThat(again.send(RawFrame.text(PAYLOAD)).message().text()).contains("\"success\":true");
				assertThat(again.message().text()).contains("no JSON object");
			}
		}
	}

	/** With good and bad tokens, in the header and where they do not belong, and with requests that are wrong in every way. */
	private static void push(RunningHawser server) throws Exception {
		for (int port : new int[] { server.port(), server.operationsPort() }) {
			for (String path : List.of("/api/hubs/default/:send", "/api/hubs/default/nothing", "/api/hubs/nowhere/:send",
					"/api/hubs/default/hawser/batch", "/api/hubs/default/:generateToken", "/api/hubs/default/users/%zz/:send",
					"/api/hubs/default/groups/a;b/:send")) {
				for (String secret : List.of(PUSH_KEY, SECRET)) {
					String token = SharedKey.of(secret, Duration.ZERO).sign(Map.of("aud", List.of("http://localhost:" + port + path)),
							Duration.ofMinutes(1));
					SHOWN.add(token);
					for (String query : List.of("", "?filter=" + COOKIE, "?access_token=" + token + "&awps_reconnection_token=" + token)) {
						try (RawClient caller = RawClient.connect(port).request("POST " + path + query + " HTTP/1.1",
								"Host: localhost:" + port, "Authorization: Bearer " + token, "Idempotency-Key: " + COOKIE,
								"X-WebPubSub-Metadata-A: " + HEADER, "Content-Type: application/json",
								"Content-Length: " + (PAYLOAD.length() + 2))) {
							caller.send(('"' + PAYLOAD + '"').getBytes(StandardCharsets.UTF_8));
							assertThat(caller.response().body()).doesNotContain(PAYLOAD, COOKIE, PUSH_KEY);
						}
					}
				}
			}
		}
	}

	private static void operate(RunningHawser server) throws Exception {
		String revoke = "http://127.0.0.1:" + server.operationsPort() + "/actuator/revoke";
		String renew = "http://127.0.0.1:" + server.port() + "/client/connections/test-1/token";
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (String[] call : new String[][] { { revoke, KEY }, { revoke, COOKIE }, { renew, token() }, { renew, COOKIE } }) {
				http.send(HttpRequest.newBuilder(URI.create(call[0])).header("Authorization", "Bearer " + call[1])
						.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"tokenId\":\"t\"}"))
						.build(),
						HttpResponse.BodyHandlers.ofString());
			}
		}
	}
}
