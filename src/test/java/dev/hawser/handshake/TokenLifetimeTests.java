package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** A connection whose token expires, is renewed or is revoked. */
class TokenLifetimeTests {
	private static final BlockingQueue<String> CLOSED = new LinkedBlockingQueue<>();
	private static RunningHawser server;
	private final Instant later = Instant.now().plus(Duration.ofHours(1));
	private final HttpClient http = HttpClient.newHttpClient();

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> CLOSED.add(status.getCode() + " " + initiator);
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Callbacks.class, "hawser.handshake.token.clock-skew=0s",
				"hawser.hubs.lax.handshake.token.close-expired=false", "hawser.hubs.anyone.handshake.token.required=false",
				"hawser.hubs.grace.handshake.token.expiry-grace=1h", "hawser.handshake.allowed-origins=https://app.example");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void waitUntilNoClientIsConnected() {
		Awaitility.await().until(() -> server.bean(WebSocketServer.class).stats().connectionCount() == 0);
		CLOSED.clear();
	}

	private static String token(String subject, String id, Instant expires) throws Exception {
		SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), new JWTClaimsSet.Builder().subject(subject).jwtID(id)
				.audience("hawser").expirationTime(Date.from(expires)).build());
		jwt.sign(new MACSigner(RunningHawser.SECRET));
		return jwt.serialize();
	}

	/** A connection whose token ends in nine to ten seconds, time enough for what a test does before. */
	private static RawClient expiring(String target) throws Exception {
		return RawClient.connect(server.port()).upgrade(target + "?access_token=" + token("alice", "t1", Instant.now().plusSeconds(10)));
	}

	private RawClient lasting(String subject, String id) throws Exception {
		return RawClient.connect(server.port()).upgrade("/ws?access_token=" + token(subject, id, later));
	}

	private static String onlyId() {
		WebSocketServer all = server.bean(WebSocketServer.class);
		Awaitility.await().until(() -> all.stats().connectionCount() == 1);
		return all.connectionInfo(all.connections().findFirst().orElseThrow()).orElseThrow().connectionId();
	}

	// The token ends.

	@Test
	void closesAConnectionWhoseTokenEnds() throws Exception {
		try (RawClient client = expiring("/ws")) {
			client.send(RawFrame.text("still here"));
			assertThat(client.message().text()).isEqualTo("still here");
			ReceivedFrame close = client.frame();
			assertThat(close.closeCode()).isEqualTo(4401);
			assertThat(close.closeReason()).isEqualTo("token expired");
			client.send(RawFrame.close(4401, ""));
			assertThat(CLOSED.poll(60, TimeUnit.SECONDS)).isEqualTo("4401 SERVER");
		}
	}

	@Test
	void keepsAConnectionOpenWhereTheSettingsSaySo() throws Exception {
		try (RawClient lax = expiring("/client/hubs/lax");
				RawClient grace = expiring("/client/hubs/grace");
				RawClient strict = expiring("/ws")) {
			assertThat(strict.frame().closeCode()).isEqualTo(4401); // opened last, so the others' tokens have ended too
			assertThat(lax.send(RawFrame.text("lax")).message().text()).isEqualTo("lax");
			assertThat(grace.send(RawFrame.text("grace")).message().text()).isEqualTo("grace");
		}
	}

	// A fresh token is presented.

	private HttpResponse<String> present(String connectionId, @Nullable String token, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(renewal(connectionId)).timeout(Duration.ofSeconds(60))
				.POST(HttpRequest.BodyPublishers.noBody());
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		if (headers.length > 0) {
			request.headers(headers);
		}
		return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static URI renewal(String connectionId) {
		return URI.create("http://127.0.0.1:" + server.port() + "/client/connections/" + connectionId + "/token");
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(JsonMapper.shared().readTree(answer.body()).path("reason").asString()).isEqualTo(reason);
	}

	@Test
	void tellsTheClientTheNameOfItsConnection() throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			assertThat(client.request(RawClient.handshake("/ws?access_token=" + token("alice", "t1", later))).response()
					.header("Hawser-Connection-Id")).isEqualTo(onlyId());
		}
	}

	@Test
	void keepsAConnectionOpenWithAFreshToken() throws Exception {
		try (RawClient client = expiring("/ws"); RawClient lone = expiring("/client/hubs/anyone")) {
			WebSocketServer all = server.bean(WebSocketServer.class);
			Awaitility.await().until(() -> all.connections("default").count() == 1);
			String id = all.connectionInfo(all.connections("default").findFirst().orElseThrow()).orElseThrow().connectionId();
			assertThat(present(id, token("alice", "t2", later)).statusCode()).isEqualTo(204);
			assertThat(lone.frame().closeCode()).as("opened later, not renewed").isEqualTo(4401);
			assertThat(client.send(RawFrame.text("alive")).message().text()).isEqualTo("alive");
			assertThat(server.bean(WebSocketServer.class).revokeToken("t1")).as("the old token").isZero();
			assertThat(server.bean(WebSocketServer.class).revokeToken("t2")).as("the fresh one").isEqualTo(1);
			assertThat(client.frame().closeCode()).isEqualTo(4403);
		}
	}

	@Test
	void refusesAFreshTokenThatIsNoGood() throws Exception {
		try (RawClient client = lasting("alice", "t1")) {
			String id = onlyId();
			assertProblem(present(id, null), 401, "token-missing");
			assertProblem(present(id, "x"), 401, "token-invalid");
			HttpResponse<String> ofNone = present("test-999999", "x");
			assertProblem(ofNone, 401, "token-invalid");
			assertThat(ofNone.body()).as("of no connection").isEqualTo(present(id, "x").body());
			HttpResponse<String> expired = present(id, token("alice", "t2", Instant.now().minusSeconds(60)));
			assertProblem(expired, 401, "token-expired");
			assertThat(expired.headers().firstValue("WWW-Authenticate").orElse("")).contains("invalid_token");
			assertProblem(present(id, token("mallory", "t2", later)), 403, "token-subject");
			assertProblem(present("test-999999", token("alice", "t2", later)), 404, "connection-unknown");
			assertProblem(present("other-1", token("alice", "t2", later)), 404, "connection-unknown");
			assertProblem(present("test-x", token("alice", "t2", later)), 404, "connection-unknown");
			assertThat(client.send(RawFrame.text("unharmed")).message().text()).isEqualTo("unharmed");
		}
	}

	@Test
	void refusesARenewalOfAnAnonymousConnection() throws Exception {
		try (RawClient _ = RawClient.connect(server.port()).upgrade("/client/hubs/anyone")) {
			assertProblem(present(onlyId(), token("alice", "t1", later)), 403, "token-subject");
		}
	}

	@Test
	void letsPagesOfAllowedOriginsPresentAToken() throws Exception {
		for (String origin : new String[] { "https://app.example", "https://evil.example" }) {
			try (RawClient client = RawClient.connect(server.port())) {
				RawClient.Response answer = client.request("OPTIONS /client/connections/test-1/token HTTP/1.1", "Host: localhost",
						"Origin: " + origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization",
						"Connection: close").response();
				boolean allowed = origin.contains("app");
				assertThat(answer.status()).isEqualTo(allowed ? 200 : 403);
				assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(allowed ? origin : null);
			}
		}
	}

	// The token is revoked.

	@Test
	void closesAllConnectionsOfAUser() throws Exception {
		try (RawClient one = lasting("alice", "a"); RawClient two = lasting("alice", "b"); RawClient other = lasting("bob", "c")) {
			WebSocketServer all = server.bean(WebSocketServer.class);
			Awaitility.await().until(() -> all.stats().connectionCount() == 3);
			assertThat(all.revokeUser("alice")).isEqualTo(2);
			assertThat(one.frame().closeReason()).isEqualTo("revoked");
			assertThat(two.frame().closeCode()).isEqualTo(4403);
			assertThat(other.send(RawFrame.text("bob")).message().text()).isEqualTo("bob");
			assertThat(all.revokeUser("alice")).isZero();
			assertThat(all.revokeUser("nobody")).isZero();
		}
	}

	@Test
	void closesAllConnectionsOfAToken() throws Exception {
		try (RawClient one = lasting("alice", "a"); RawClient two = lasting("alice", "a"); RawClient other = lasting("alice", "b")) {
			WebSocketServer all = server.bean(WebSocketServer.class);
			Awaitility.await().until(() -> all.stats().connectionCount() == 3);
			assertThat(all.revokeToken("a")).isEqualTo(2);
			assertThat(one.frame().closeCode()).isEqualTo(4403);
			assertThat(two.frame().closeCode()).isEqualTo(4403);
			assertThat(other.send(RawFrame.text("b")).message().text()).isEqualTo("b");
		}
	}
}
