package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.connection.Connections;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** The token of a handshake: where it may stand, what makes it bad, and the answer to a bad one. */
@ReadsLog
class HandshakeTokenTests {
	private static final BlockingQueue<String> USERS = new LinkedBlockingQueue<>();
	private static RunningHawser strict;
	private static RunningHawser open;

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> USERS.add(request.principal().map(Principal::getName).orElse("nobody") + " "
					+ request.claims().getOrDefault("room", "-"));
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}
	}

	@BeforeAll
	static void start() {
		strict = RunningHawser.startSecure(Callbacks.class, "hawser.handshake.subprotocols=chat");
		open = RunningHawser.start(Callbacks.class, "hawser.handshake.token.audience=", "hawser.handshake.token.cookie=ticket");
	}

	@AfterAll
	static void stop() {
		strict.close();
		open.close();
	}

	// Where the token may stand.

	static Stream<Arguments> sources() {
		String good = token(claims -> {
		});
		String bad = "bad";
		return Stream.of(
				row("Authorization", true, "/ws", "Authorization: Bearer " + good),
				row("Authorization, scheme in lower case", true, "/ws", "authorization: bearer " + good),
				row("query", true, "/ws?a=b&access_token=" + good),
				row("subprotocol", true, "/ws", "Sec-WebSocket-Protocol: bearer, " + good),
				row("subprotocol on two lines", true, "/ws", "Sec-WebSocket-Protocol: chat, Bearer", "Sec-WebSocket-Protocol: " + good),
				row("cookie", true, "/ws", "Cookie: a=b; access_token=" + good),
				row("another scheme counts as none", true, "/ws?access_token=" + good, "Authorization: Basic " + bad),
				row("Authorization before query", true, "/ws?access_token=" + bad, "Authorization: Bearer " + good),
				row("Authorization before query, bad", false, "/ws?access_token=" + good, "Authorization: Bearer " + bad),
				row("query before subprotocol", true, "/ws?access_token=" + good, "Sec-WebSocket-Protocol: bearer, " + bad),
				row("query before subprotocol, bad", false, "/ws?access_token=" + bad, "Sec-WebSocket-Protocol: bearer, " + good),
				row("subprotocol before cookie", true, "/ws", "Sec-WebSocket-Protocol: bearer, " + good, "Cookie: access_token=" + bad),
				row("subprotocol before cookie, bad", false, "/ws", "Sec-WebSocket-Protocol: bearer, " + bad,
						"Cookie: access_token=" + good),
				row("another cookie counts as none", false, "/ws", "Cookie: token=" + good),
				row("another subprotocol counts as none", false, "/ws", "Sec-WebSocket-Protocol: chat, " + good));
	}

	private static Arguments row(String label, boolean accepted, String target, String... headers) {
		return Arguments.of(label, accepted, RawClient.handshake(target, headers));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("sources")
	void findsTheToken(String label, boolean accepted, String[] request) throws Exception {
		USERS.clear();
		try (RawClient client = RawClient.connect(strict.port()).request(request)) {
			assertThat(client.response().status()).isEqualTo(accepted ? 101 : 401);
			if (accepted) {
				assertThat(USERS.poll(60, TimeUnit.SECONDS)).isEqualTo("alice 7");
			}
		}
	}

	/** Its header is the JSON {@code null}. */
	@Test
	void refusesABrokenTokenInEachPlace(CapturedOutput log) throws Exception {
		String nonsense = "bnVsbA.e30.AA";
		for (String[] request : List.of(RawClient.handshake("/ws", "Authorization: Bearer " + nonsense),
				RawClient.handshake("/ws?access_token=" + nonsense), RawClient.handshake("/ws", "Cookie: access_token=" + nonsense),
				RawClient.handshake("/ws", "Sec-WebSocket-Protocol: bearer, " + nonsense))) {
			try (RawClient client = RawClient.connect(strict.port()).request(request)) {
				var answer = client.response();
				assertThat(answer.status()).isEqualTo(401);
				assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
			}
		}
		assertThat(log.getAll()).doesNotContain("\tat ", "The TokenVerifier threw");
	}

	@Test
	void echoesNeitherBearerNorTheToken(CapturedOutput log) throws Exception {
		String token = token(claims -> {
		});
		try (RawClient client = RawClient.connect(strict.port())
				.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: bearer, " + token))) {
			assertThat(client.response().header("Sec-WebSocket-Protocol")).isNull();
		}
		try (RawClient client = RawClient.connect(strict.port())
				.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: bearer, " + token + ", chat"))) {
			assertThat(client.response().header("Sec-WebSocket-Protocol")).isEqualTo("chat");
		}
		try (RawClient client = RawClient.connect(strict.port())
				.request(RawClient.handshake("/ws", "Sec-WebSocket-Protocol: bearer, " + token + "x"))) {
			assertThat(client.response().toString()).doesNotContain(token);
		}
		assertThat(log.getAll()).doesNotContain(token);
	}

	// What makes a token bad.

	static Stream<Arguments> badTokens() throws Exception {
		return Stream.of(
				Arguments.of("nonsense", "token-invalid", "nonsense"),
				Arguments.of("empty", "token-invalid", ""),
				Arguments.of("two dots", "token-invalid", ".."),
				Arguments.of("no signature", "token-invalid", token(_ -> {
				}).replaceAll("[^.]*$", "")),
				Arguments.of("signature of another", "token-invalid", token(_ -> {
				}).replaceAll("[^.]*$", token(claims -> claims.subject("bob")).replaceAll(".*\\.", ""))),
				Arguments.of("claims changed", "token-invalid", forged()),
				Arguments.of("another secret", "token-invalid",
						sign(JWSAlgorithm.HS256, new MACSigner("another-secret-another-secret-another"), good().build())),
				Arguments.of("HS512 with our secret", "token-invalid",
						sign(JWSAlgorithm.HS512, new MACSigner(RunningHawser.SECRET + RunningHawser.SECRET), good().build())),
				Arguments.of("alg none", "token-invalid", new PlainJWT(good().build()).serialize()),
				Arguments.of("RS256", "token-invalid", rsa()),
				Arguments.of("RS256 header over our signature", "token-invalid", confused()),
				Arguments.of("exp is a word", "token-invalid", signed("{\"aud\":\"hawser\",\"sub\":\"alice\",\"exp\":\"soon\"}")),
				Arguments.of("exp before all time", "token-expired", signed("{\"aud\":\"hawser\",\"sub\":\"alice\",\"exp\":-1e300}")),
				Arguments.of("exp is negative, longer than a long", "token-expired",
						signed("{\"aud\":\"hawser\",\"sub\":\"alice\",\"exp\":-18446744071763551616}")),
				Arguments.of("a claim twice", "token-invalid",
						signed("{\"aud\":\"hawser\",\"sub\":\"alice\",\"exp\":4102444800,\"sub\":\"admin\"}")),
				Arguments.of("a payload that is not encoded", "token-invalid",
						signed("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", good().build().toString())),
				Arguments.of("claims are no object", "token-invalid", signed("[]")),
				Arguments.of("no claims", "token-invalid", signed("{}")),
				Arguments.of("no exp", "token-expired", token(claims -> claims.expirationTime(null))),
				Arguments.of("expired", "token-expired", token(claims -> claims.expirationTime(in(-40)))),
				Arguments.of("not yet valid", "token-not-yet-valid", token(claims -> claims.notBeforeTime(in(600)))),
				Arguments.of("no audience", "token-audience", token(claims -> claims.audience((String) null))),
				Arguments.of("another audience", "token-audience", token(claims -> claims.audience("other"))));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("badTokens")
	void refusesABadToken(String label, String reason, String token) throws Exception {
		for (RunningHawser server : reason.equals("token-audience") ? List.of(strict) : List.of(strict, open)) {
			try (RawClient client = RawClient.connect(server.port())
					.request(RawClient.handshake("/ws?access_token=" + token))) {
				var answer = client.response();
				assertThat(answer.status()).isEqualTo(401);
				assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
				assertThat(JsonMapper.shared().readTree(answer.body()).path("reason").asString()).isEqualTo(reason);
				assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"hawser\", error=\"invalid_token\"");
				assertThat(answer.header("Connection")).isEqualTo("close");
				assertThat(client.ended()).isTrue();
			}
		}
	}

	static Stream<Arguments> goodTokens() throws Exception {
		return Stream.of(
				Arguments.of("expired within the clock skew", token(claims -> claims.expirationTime(in(-1)))),
				Arguments.of("exp beyond all time", signed("{\"aud\":\"hawser\",\"sub\":\"alice\",\"exp\":1e300}")),
				Arguments.of("exp longer than a long", signed("{\"aud\":\"hawser\",\"sub\":\"alice\",\"exp\":18446744075509551616}")),
				Arguments.of("valid soon, within the clock skew", token(claims -> claims.notBeforeTime(in(10)))),
				Arguments.of("without a subject", token(claims -> claims.subject(null))),
				Arguments.of("one audience of several", token(claims -> claims.audience(List.of("other", "hawser")))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("goodTokens")
	void acceptsAToken(String label, String token) throws Exception {
		try (RawClient client = RawClient.connect(strict.port()).request(RawClient.handshake("/ws?access_token=" + token))) {
			assertThat(client.response().status()).isEqualTo(101);
		}
	}

	@Test
	void asksForATokenWhenThereIsNone() throws Exception {
		try (RawClient client = RawClient.connect(strict.port()).request(RawClient.handshake("/ws"))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(401);
			assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"hawser\"");
			assertThat(answer.body()).contains("\"reason\":\"token-missing\"");
			assertThat(client.ended()).isTrue();
		}
	}

	@Test
	void asksForNoTokenOfAPlainRequest() throws Exception {
		try (RawClient client = RawClient.connect(strict.port()).request("GET /ws HTTP/1.1", "Host: localhost")) {
			assertThat(client.response().status()).isEqualTo(426);
		}
	}

	// Hubs that need no token.

	@Test
	void letsAnonymousClientsInWhereNoTokenIsRequired() throws Exception {
		USERS.clear();
		try (RawClient _ = RawClient.connect(open.port()).upgrade("/ws")) {
			assertThat(USERS.poll(60, TimeUnit.SECONDS)).isEqualTo("nobody -");
		}
	}

	@Test
	void readsATokenThatIsNotRequired() throws Exception {
		USERS.clear();
		String token = token(claims -> claims.audience("anybody"));
		try (RawClient _ = RawClient.connect(open.port()).upgrade("/ws", "Cookie: ticket=" + token)) {
			assertThat(USERS.poll(60, TimeUnit.SECONDS)).isEqualTo("alice 7");
		}
	}

	@Test
	void takesItsOwnDevelopmentToken() throws Exception {
		USERS.clear();
		try (RawClient _ = RawClient.connect(strict.port()).upgrade("/ws?access_token=" + RunningHawser.token())) {
			assertThat(USERS.poll(60, TimeUnit.SECONDS)).isEqualTo("developer -");
		}
	}

	static class BrokenVerifier extends Callbacks {
		@Bean
		TokenVerifier verifier() {
			return token -> {
				throw new IllegalStateException("of secret cause");
			};
		}
	}

	@Test
	void answers503WhenTheVerifierFails() throws Exception {
		try (RunningHawser broken = RunningHawser.start(BrokenVerifier.class);
				RawClient client = RawClient.connect(broken.port()).request(RawClient.handshake("/ws?access_token=x"))) {
			var answer = client.response();
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
			assertThat(answer.body()).contains("\"reason\":\"verifier\"").doesNotContain("secret");
			assertThat(client.ended()).isTrue();
		}
	}

	/** Accepts every token; the name of the user says which kind of thread called. */
	private record AskingThread(boolean mayBlock) implements TokenVerifier {
		@Override
		public VerifiedToken verify(String token) {
			return new VerifiedToken(Thread.currentThread().isVirtual() ? "virtual" : "platform", Map.of(), null, null);
		}
	}

	static class WaitingVerifier extends Callbacks {
		@Bean
		TokenVerifier verifier() {
			return new AskingThread(true);
		}
	}

	static class QuickVerifier extends Callbacks {
		@Bean
		TokenVerifier verifier() {
			return new AskingThread(false);
		}
	}

	@ParameterizedTest
	@MethodSource("verifiers")
	void callsAVerifierThatMayWaitOnVirtualThreads(Class<?> beans, String thread) throws Exception {
		try (RunningHawser server = RunningHawser.start(beans);
				RawClient client = RawClient.connect(server.port()).request(RawClient.handshake("/ws?access_token=x"))) {
			assertThat(client.response().status()).isEqualTo(101);
			Awaitility.await().until(() -> server.bean(Connections.class).ofUser(thread).size() == 1);
		}
	}

	static Stream<Arguments> verifiers() {
		return Stream.of(Arguments.of(WaitingVerifier.class, "virtual"), Arguments.of(QuickVerifier.class, "platform"));
	}

	private static JWTClaimsSet.Builder good() {
		return new JWTClaimsSet.Builder().subject("alice").audience("hawser").claim("room", "7").expirationTime(in(3600));
	}

	private static Date in(int seconds) {
		return Date.from(Instant.now().plusSeconds(seconds));
	}

	private static String token(Consumer<JWTClaimsSet.Builder> change) {
		JWTClaimsSet.Builder claims = good();
		change.accept(claims);
		try {
			return sign(JWSAlgorithm.HS256, new MACSigner(RunningHawser.SECRET), claims.build());
		}
		catch (Exception e) {
			throw new IllegalStateException(e);
		}
	}

	private static String sign(JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet claims) throws Exception {
		SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims);
		jwt.sign(signer);
		return jwt.serialize();
	}

	/** Any payload, with our signature. */
	private static String signed(String payload) throws Exception {
		return signed("{\"alg\":\"HS256\"}", payload);
	}

	private static String signed(String header, String payload) throws Exception {
		String head = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(payload.getBytes(StandardCharsets.UTF_8));
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(RunningHawser.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
		return head + "." + base64(mac.doFinal(head.getBytes(StandardCharsets.UTF_8)));
	}

	private static String forged() {
		String[] parts = token(_ -> {
		}).split("\\.", -1);
		String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("alice", "admin");
		return parts[0] + "." + base64(claims.getBytes(StandardCharsets.UTF_8)) + "." + parts[2];
	}

	private static String rsa() throws Exception {
		KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
		keys.initialize(2048);
		return sign(JWSAlgorithm.RS256, new RSASSASigner(keys.generateKeyPair().getPrivate()), good().build());
	}

	private static String confused() throws Exception {
		return signed("{\"alg\":\"RS256\"}", good().build().toString());
	}

	private static String base64(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}
}
