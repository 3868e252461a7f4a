package dev.hawser.token;

import static dev.hawser.token.TokenTesting.CLOCK;
import static dev.hawser.token.TokenTesting.claims;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.SigningKey;
import dev.hawser.token.TokenTesting.MovableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that an issuer publishes: rotation, outages, hostile answers, and names of keys that do not exist. */
class RemoteKeysTests {
	private static final SigningKey KEY = SigningKey.of("ES256");
	private static final SigningKey NEXT = SigningKey.of("ES256");
	private static final SigningKey RSA = SigningKey.of("RS256");
	private static final String CLAIMS = claims("https://a.example");

	private final MovableClock clock = new MovableClock();
	private final List<TokenVerifier> verifiers = new ArrayList<>();
	private FakeIssuer issuer;

	@BeforeEach
	void startIssuer() throws Exception {
		issuer = new FakeIssuer().publish(KEY.jwk("k1"));
	}

	@AfterEach
	void stop() throws Exception {
		verifiers.forEach(TokenVerifier::close);
		issuer.close();
	}

	private TokenVerifier verifier(InstantSource clock, String... properties) {
		TokenVerifier verifier = TokenTesting.verifier(settings(properties), clock);
		verifiers.add(verifier);
		return verifier;
	}

	private TokenVerifier verifier() {
		return verifier(clock, "jwks.url=" + issuer.keysUrl());
	}

	/** A verifier that has its first keys. */
	private TokenVerifier readyVerifier() {
		TokenVerifier verifier = verifier();
		await().until(() -> verdict(verifier, KEY.signAs("k1", CLAIMS)).equals("ok"));
		return verifier;
	}

	// Which keys are accepted.

	static Stream<SigningKey> keys() {
		return Stream.of(RSA, RSA.as("RS384"), RSA.as("RS512"), RSA.as("PS256"), RSA.as("PS384"), RSA.as("PS512"), KEY,
				SigningKey.of("ES384"), SigningKey.of("ES512"), SigningKey.of("EdDSA"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("keys")
	void acceptsEveryAlgorithmOfPublicKeys(SigningKey key) {
		issuer.publish(NEXT.jwk("other"), key.jwk("mine"));
		TokenVerifier verifier = verifier();
		assertThat(verdict(verifier, key.signAs("mine", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, SigningKey.of(key.algorithm()).signAs("mine", CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, new SigningKey("HS256", key.pem(), null).signAs("mine", CLAIMS))).isEqualTo("token-invalid");
		assertThat(verifier.mayBlock()).isTrue();
	}

	@Test
	void leavesOutWhatIsNoKeyForSignatures() {
		SigningKey secret = SigningKey.of("HS256");
		issuer.publish("{}", "7", "null", "{\"kty\":\"XYZ\",\"kid\":\"x\"}", "{\"kty\":\"EC\",\"kid\":\"y\",\"crv\":\"P-999\"}",
				"{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\""
						+ SigningKey.base64(String.valueOf(secret.secret()).getBytes(StandardCharsets.UTF_8)) + "\"}",
				RSA.jwk("enc").replace("{", "{\"use\":\"enc\","), RSA.jwk("ops").replace("{", "{\"key_ops\":[\"encrypt\"],"),
				RSA.jwk("ps").replace("{", "{\"alg\":\"PS256\",\"use\":\"sig\","), KEY.jwk("k1"));
		TokenVerifier verifier = verifier();
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, RSA.as("PS256").signAs("ps", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, RSA.signAs("ps", CLAIMS))).as("its alg says PS256").isEqualTo("token-invalid");
		assertThat(verdict(verifier, RSA.signAs("enc", CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, RSA.signAs("ops", CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, secret.signAs("s", CLAIMS))).as("a published secret is none").isEqualTo("token-invalid");
	}

	@Test
	void needsAKidWhereThereIsAChoice() {
		issuer.publish(KEY.jwk("k1"), RSA.jwk("k2"));
		assertThat(verdict(verifier(), KEY.sign(CLAIMS))).isEqualTo("ok");
		issuer.publish(KEY.jwk("k1"), NEXT.jwk("k2"));
		assertThat(verdict(verifier(), KEY.sign(CLAIMS))).isEqualTo("token-invalid");
	}

	/** Otherwise an issuer could decide how many checks of a signature a bad token costs. */
	@Test
	void triesATokenWithFewKeys() {
		for (String kid : new String[] { "k1", null }) {
			issuer.publish(Stream.concat(Stream.of(KEY.jwk(kid)), Collections.nCopies(199, NEXT.jwk(kid)).stream()).toArray(String[]::new));
			try (RemoteKeys keys = new RemoteKeys(new KeyServer(new IssuerClient(Duration.ofMinutes(1), false), issuer.keysUrl(), null),
					settings("jwks.url=" + issuer.keysUrl(), "timeout=1m"), clock, Executors.newSingleThreadScheduledExecutor())) {
				assertThat(keys.candidates(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build())).hasSizeLessThanOrEqualTo(4);
			}
			assertThat(verdict(verifier(), KEY.signAs("k1", CLAIMS))).as("the first").isEqualTo("ok");
		}
	}

	@Test
	void takesNoSetOfMoreKeysThanAnIssuerNeeds() {
		issuer.publish(Collections.nCopies(201, KEY.jwk("k1")).toArray(String[]::new));
		assertThat(verdict(verifier(), KEY.signAs("k1", CLAIMS))).isEqualTo("unavailable");
	}

	@Test
	void narrowsTheAlgorithms() {
		issuer.publish(KEY.jwk("k1"), RSA.jwk("k2"));
		TokenVerifier verifier = verifier(clock, "jwks.url=" + issuer.keysUrl(), "algorithms=PS512");
		assertThat(verdict(verifier, RSA.as("PS512").signAs("k2", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, RSA.signAs("k2", CLAIMS))).isEqualTo("token-invalid");
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("token-invalid");
	}

	/** CVE-2026-49998: a cache by kid alone gave one tenant's keys to another. */
	@Test
	void sharesNoKeyBetweenIssuersThatUseTheSameKid() throws Exception {
		try (FakeIssuer other = new FakeIssuer().publish(NEXT.jwk("k1"))) {
			TokenVerifier mine = verifier();
			TokenVerifier theirs = verifier(clock, "jwks.url=" + other.keysUrl());
			for (int i = 0; i < 3; i++) {
				assertThat(verdict(mine, KEY.signAs("k1", CLAIMS))).isEqualTo("ok");
				assertThat(verdict(theirs, NEXT.signAs("k1", CLAIMS))).isEqualTo("ok");
				assertThat(verdict(mine, NEXT.signAs("k1", CLAIMS))).isEqualTo("token-invalid");
				assertThat(verdict(theirs, KEY.signAs("k1", CLAIMS))).isEqualTo("token-invalid");
			}
		}
	}

	/** CVE-2026-32301: nothing in a token decides where its key is looked for. */
	@Test
	void asksOnlyWhereTheConfigurationSays() throws Exception {
		try (FakeIssuer attacker = new FakeIssuer().publish(NEXT.jwk("k1"))) {
			TokenVerifier verifier = readyVerifier();
			String evil = claims(attacker.url() + "/../{kid}?x=");
			for (String header : List.of("\"jku\":\"" + attacker.keysUrl() + "\"", "\"x5u\":\"" + attacker.keysUrl() + "\"",
					"\"iss\":\"" + attacker.url() + "\"", "\"jwk\":" + NEXT.jwk("k1"))) {
				for (String kid : List.of("k1", "../k1", attacker.keysUrl(), "{iss}")) {
					String token = NEXT.sign("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"," + header + "}", evil);
					assertThat(verdict(verifier, token)).isEqualTo("token-invalid");
				}
			}
			assertThat(attacker.requests()).isEmpty();
			assertThat(issuer.requests()).containsOnly("/keys");
		}
	}

	// Rotation.

	@Test
	void followsARotationAtOnce() {
		TokenVerifier verifier = readyVerifier();
		issuer.publish(KEY.jwk("k1"), NEXT.jwk("k2"));
		assertThat(verdict(verifier, NEXT.signAs("k2", CLAIMS))).as("unknown until now").isEqualTo("ok");
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("ok");
		assertThat(issuer.fetches()).isEqualTo(2);
		clock.pass(Duration.ofSeconds(31));
		issuer.publish(NEXT.jwk("k2"), RSA.jwk("k3"));
		assertThat(verdict(verifier, RSA.signAs("k3", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).as("withdrawn").isEqualTo("token-invalid");
	}

	@Test
	void doesNotLetInventedKidsHammerTheKeyServer() {
		TokenVerifier verifier = readyVerifier();
		for (int i = 0; i < 100; i++) {
			assertThat(verdict(verifier, NEXT.signAs("invented" + i, CLAIMS))).isEqualTo("token-invalid");
			assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("ok");
		}
		assertThat(issuer.fetches()).isEqualTo(2);
		for (String algorithm : List.of("HS256", "none", "RSA1_5")) {
			assertThat(verdict(verifier, NEXT.sign("{\"alg\":\"" + algorithm + "\",\"kid\":\"z\"}", CLAIMS))).isEqualTo("token-invalid");
		}
		clock.pass(Duration.ofSeconds(31));
		issuer.publish(NEXT.jwk("k2"));
		assertThat(verdict(verifier, NEXT.signAs("k2", CLAIMS))).as("half a minute later").isEqualTo("ok");
	}

	@Test
	void refreshesInTheBackground() {
		TokenVerifier verifier = verifier(InstantSource.system(), "jwks.url=" + issuer.keysUrl(), "jwks.refresh-interval=1s",
				"timeout=10s");
		await().until(() -> issuer.fetches() >= 3);
		issuer.publish(NEXT.jwk("k2"));
		int before = issuer.fetches();
		await().until(() -> issuer.fetches() >= before + 2);
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).as("withdrawn, though no token named it").isEqualTo("token-invalid");
	}

	@Test
	void endsItsBackgroundWorkWhenClosed() throws Exception {
		ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor();
		TokenSettings settings = settings("jwks.url=" + issuer.keysUrl());
		CountDownLatch asked = new CountDownLatch(1);
		issuer.answerKeys(exchange -> {
			asked.countDown();
			issuer.stall().give(exchange);
		});
		RemoteKeys keys = new RemoteKeys(new KeyServer(new IssuerClient(Duration.ofMinutes(1), false), issuer.keysUrl(), null), settings,
				clock, background);
		asked.await();
		keys.close();
		assertThat(background.isTerminated()).isTrue();
	}

	/** A clock that is set back would otherwise hide a rotation until it has caught up. */
	@Test
	void followsARotationThoughTheWallClockIsSetBack() {
		MovableClock wall = new MovableClock();
		TokenVerifier verifier = TokenVerifiers.of(settings("jwks.url=" + issuer.keysUrl()), wall, clock);
		verifiers.add(verifier);
		await().until(() -> verdict(verifier, KEY.signAs("k1", CLAIMS)).equals("ok"));
		for (int i = 0; i < 3; i++) {
			assertThat(verdict(verifier, NEXT.signAs("invented" + i, CLAIMS))).isEqualTo("token-invalid");
		}
		wall.setBack(Duration.ofHours(1));
		clock.pass(Duration.ofSeconds(31));
		issuer.publish(NEXT.jwk("k2"));
		assertThat(verdict(verifier, NEXT.signAs("k2", CLAIMS))).isEqualTo("ok");
	}

	// Outages.

	@Test
	void servesKnownKeysWhileTheKeyServerIsDead() throws Exception {
		TokenVerifier verifier = readyVerifier();
		issuer.die();
		for (int minute = 0; minute < 60; minute += 10) {
			assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).as("minute %d", minute).isEqualTo("ok");
			assertThat(verdict(verifier, NEXT.signAs("k2", CLAIMS))).as("may be new").isEqualTo("unavailable");
			assertThat(verdict(verifier, NEXT.signAs("k1", CLAIMS))).as("forged").isEqualTo("token-invalid");
			clock.pass(Duration.ofMinutes(10));
		}
		clock.pass(Duration.ofMinutes(10));
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).as("known for too long").isEqualTo("unavailable");
		issuer.revive();
		clock.pass(Duration.ofSeconds(31));
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("ok");
	}

	@Test
	void startsWhileTheKeyServerIsDead() throws Exception {
		issuer.die();
		TokenVerifier verifier = verifier(CLOCK, "jwks.url=" + issuer.keysUrl());
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("unavailable");
		assertThat(verdict(verifier, "nonsense")).as("that much is sure").isEqualTo("token-invalid");
	}

	@Test
	void fetchesItsFirstKeysWhenTheKeyServerComes() throws Exception {
		issuer.die();
		verifier(InstantSource.system(), "jwks.url=" + issuer.keysUrl(), "jwks.refresh-interval=2s");
		issuer.revive();
		await("without a token").until(() -> issuer.fetches() > 0);
	}

	private Stream<FakeIssuer.Answer> faults(String elsewhere) {
		String set = "{\"keys\":[" + NEXT.jwk("k2") + "]}";
		return Stream.of(FakeIssuer.body("<html>Welcome</html>"), FakeIssuer.body(""), FakeIssuer.body("null"), FakeIssuer.body("[]"),
				FakeIssuer.body("{}"), FakeIssuer.body("{\"keys\":7}"), FakeIssuer.body("{\"keys\":[]}"),
				FakeIssuer.body("{\"keys\":[{}]}"),
				FakeIssuer.body(set.substring(0, set.length() - 3)), FakeIssuer.body("[".repeat(100_000)),
				FakeIssuer.body(set + " ".repeat(256 * 1024)), FakeIssuer.endless(), FakeIssuer.status(500, set),
				FakeIssuer.status(404, set),
				FakeIssuer.status(203, set), FakeIssuer.status(204, ""), FakeIssuer.redirect(elsewhere),
				FakeIssuer.redirect("file:///etc/passwd"),
				issuer.stall(), issuer.stallInBody(), exchange -> exchange.close());
	}

	/** Each fault at the start, when no keys are known, and later, when it must not affect the known keys. */
	@Test
	void survivesEveryFaultOfTheKeyServer() throws Exception {
		try (FakeIssuer elsewhere = new FakeIssuer().publish(NEXT.jwk("k2"))) {
			int number = 0;
			for (FakeIssuer.Answer fault : faults(elsewhere.keysUrl()).toList()) {
				issuer.publish(KEY.jwk("k1"));
				TokenVerifier verifier = verifier(clock, "jwks.url=" + issuer.keysUrl(), "timeout=1s");
				await().until(() -> {
					clock.pass(Duration.ofSeconds(31)); // a slow machine's second is not enough for every answer
					return verdict(verifier, KEY.signAs("k1", CLAIMS)).equals("ok");
				});
				clock.pass(Duration.ofSeconds(31));
				issuer.answerKeys(fault);
				assertThat(verdict(verifier, NEXT.signAs("k2", CLAIMS))).as("fault %d, later", number).isEqualTo("unavailable");
				assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).as("fault %d, known", number).isEqualTo("ok");
				TokenVerifier fresh = verifier(clock, "jwks.url=" + issuer.keysUrl(), "timeout=1s");
				assertThat(verdict(fresh, NEXT.signAs("k2", CLAIMS))).as("fault %d, at the start", number++).isEqualTo("unavailable");
				fresh.close();
				verifier.close();
			}
			assertThat(elsewhere.requests()).as("redirects").isEmpty();
		}
	}

	@Test
	void asksOnceForAllThatWait() throws Exception {
		CountDownLatch open = new CountDownLatch(1);
		issuer.answerKeys(FakeIssuer.after(open, FakeIssuer.body("{\"keys\":[" + KEY.jwk("k1") + "]}")));
		TokenVerifier verifier = verifier(clock, "jwks.url=" + issuer.keysUrl(), "timeout=1m");
		try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<String>> verdicts = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				verdicts.add(threads.submit((Callable<String>) () -> verdict(verifier, KEY.signAs("k1", CLAIMS))));
			}
			await().until(() -> issuer.fetches() > 0);
			open.countDown();
			for (Future<String> verdict : verdicts) {
				assertThat(verdict.get()).isEqualTo("ok");
			}
		}
		assertThat(issuer.fetches()).isEqualTo(1);
	}

	// Discovery.

	@Test
	void findsTheKeysOfAnIssuer() {
		TokenVerifier verifier = verifier(clock, "issuer=" + issuer.url());
		assertThat(verdict(verifier, KEY.signAs("k1", claims(issuer.url())))).isEqualTo("ok");
		assertThat(verdict(verifier, KEY.signAs("k1", claims(issuer.url() + "/")))).isEqualTo("token-issuer");
		assertThat(verdict(verifier, KEY.signAs("k1", claims("https://a.example")))).isEqualTo("token-issuer");
		assertThat(issuer.requests()).containsOnly("/.well-known/openid-configuration", "/keys");
	}

	@Test
	void checksOnlyTheClaimOfTheIssuerWhereAKeySetIsNamed() {
		TokenVerifier verifier = verifier(clock, "issuer=https://a.example", "jwks.url=" + issuer.keysUrl());
		assertThat(verdict(verifier, KEY.signAs("k1", CLAIMS))).isEqualTo("ok");
		assertThat(verdict(verifier, KEY.signAs("k1", claims("https://b.example")))).isEqualTo("token-issuer");
		assertThat(issuer.requests()).containsOnly("/keys");
	}

	private Stream<Arguments> badConfigurations() {
		String me = "{\"issuer\":\"" + issuer.url() + "\",\"jwks_uri\":";
		return Stream.of(
				Arguments.of("of another issuer", "{\"issuer\":\"https://a.example\",\"jwks_uri\":\"" + issuer.keysUrl() + "\"}"),
				Arguments.of("with a slash more", "{\"issuer\":\"" + issuer.url() + "/\",\"jwks_uri\":\"" + issuer.keysUrl() + "\"}"),
				Arguments.of("without an issuer", "{\"jwks_uri\":\"" + issuer.keysUrl() + "\"}"),
				Arguments.of("without keys", "{\"issuer\":\"" + issuer.url() + "\"}"),
				Arguments.of("keys in a list", me + "[\"" + issuer.keysUrl() + "\"]}"),
				Arguments.of("keys in a file", me + "\"file:///etc/passwd\"}"),
				Arguments.of("keys without TLS", me + "\"http://192.0.2.1/keys\"}"),
				Arguments.of("keys at no URL", me + "\"::\"}"),
				Arguments.of("no JSON", "<html>"));
	}

	@Test
	void refusesTheConfigurationOfAnotherIssuer() {
		badConfigurations().forEach(row -> {
			issuer.answerConfiguration(FakeIssuer.body(String.valueOf(row.get()[1])));
			TokenVerifier verifier = verifier(clock, "issuer=" + issuer.url());
			assertThat(verdict(verifier, KEY.signAs("k1", claims(issuer.url())))).as("%s", row.get()[0]).isEqualTo("unavailable");
		});
		assertThat(issuer.fetches()).isZero();
	}
}
