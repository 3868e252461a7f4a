package dev.hawser.token;

import static dev.hawser.token.TokenTesting.NOW;
import static dev.hawser.token.TokenTesting.complaintAbout;
import static dev.hawser.token.TokenTesting.settings;
import static dev.hawser.token.TokenTesting.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.ReadsLog;
import dev.hawser.token.TokenTesting.MovableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Opaque tokens, about which the issuer is asked (RFC 7662). */
@ReadsLog
class IntrospectionTests {
	private static final long IN_A_MINUTE = NOW.getEpochSecond() + 60;
	private static final String GOOD = "{\"active\":true,\"sub\":\"alice\",\"aud\":\"hawser\",\"scope\":\"chat read\",\"jti\":\"t1\",\"exp\":"
			+ (NOW.getEpochSecond() + 3600) + "}";

	private final MovableClock clock = new MovableClock();
	private final List<TokenVerifier> verifiers = new ArrayList<>();
	private FakeIssuer issuer;

	@BeforeEach
	void startIssuer() throws Exception {
		issuer = new FakeIssuer().answerIntrospection(FakeIssuer.body(GOOD));
	}

	@AfterEach
	void stop() throws Exception {
		verifiers.forEach(TokenVerifier::close);
		issuer.close();
	}

	private TokenVerifier verifier(String... more) {
		return verifier(clock, more);
	}

	private TokenVerifier verifier(InstantSource clock, String... more) {
		String[] properties = Stream.concat(Stream.of("introspection.url=" + issuer.introspectionUrl(), "introspection.client-id=hawser",
				"introspection.client-secret=to be hidden", "timeout=1m"), Stream.of(more)).toArray(String[]::new);
		TokenVerifier verifier = TokenTesting.verifier(settings(properties), clock);
		verifiers.add(verifier);
		return verifier;
	}

	@Test
	void tellsWhatTheIssuerSays() throws Exception {
		TokenVerifier verifier = verifier();
		VerifiedToken token = verifier.verify("opaque");
		assertThat(token.subject()).isEqualTo("alice");
		assertThat(token.id()).isEqualTo("t1");
		assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
		assertThat(token.claims()).containsEntry("scope", "chat read").doesNotContainKey("active");
		assertThat(verifier.mayBlock()).isTrue();
	}

	@Test
	void asksAsTheStandardSays() {
		Map<String, String> request = new ConcurrentHashMap<>();
		issuer.answerIntrospection(exchange -> {
			request.put("method", exchange.getRequestMethod());
			for (String header : List.of("Authorization", "Content-Type", "Accept")) {
				request.put(header, exchange.getRequestHeaders().getFirst(header));
			}
			request.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			FakeIssuer.body(GOOD).give(exchange);
		});
		assertThat(verdict(verifier("introspection.client-id=a:b", "introspection.client-secret=ü %&"), "a b&token=c")).isEqualTo("ok");
		assertThat(request).containsEntry("method", "POST").containsEntry("Content-Type", "application/x-www-form-urlencoded")
				.containsEntry("Accept", "application/json").containsEntry("body", "token=a+b%26token%3Dc&token_type_hint=access_token")
				.containsEntry("Authorization",
						"Basic " + Base64.getEncoder().encodeToString("a%3Ab:%C3%BC+%25%26".getBytes(StandardCharsets.US_ASCII)));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"active":true,"aud":"hawser"                          | ok
			"active":true,"aud":["x","hawser"],"exp":%d           | ok
			"active":false                                        | token-invalid
			"active":false,"aud":"hawser","sub":"alice","exp":%d  | token-invalid
			"active":true                                         | token-audience
			"active":true,"aud":"other"                           | token-audience
			"active":true,"aud":"hawser","exp":1900000000         | token-expired
			"active":true,"aud":"hawser","nbf":9999999999         | token-not-yet-valid
			"active":true,"aud":"hawser","exp":"soon"             | unavailable
			"active":true,"aud":{}                                | unavailable
			"active":"true","aud":"hawser"                        | unavailable
			"active":1,"aud":"hawser"                             | unavailable
			"active":null,"aud":"hawser"                          | unavailable
			"active":false,"active":true,"aud":"hawser"           | unavailable
			"aud":"hawser"                                        | unavailable
			""")
	void looksAtTheAnswer(String members, String verdict) {
		issuer.answerIntrospection(FakeIssuer.body("{" + members.formatted(IN_A_MINUTE) + "}"));
		assertThat(verdict(verifier(), "opaque")).isEqualTo(verdict);
	}

	@Test
	void looksAtTheIssuerWhenItIsSet() {
		TokenVerifier verifier = verifier("issuer=https://a.example");
		assertThat(verdict(verifier, "opaque")).isEqualTo("token-issuer");
		issuer.answerIntrospection(FakeIssuer.body(GOOD.replace("{", "{\"iss\":\"https://a.example\",")));
		assertThat(verdict(verifier, "other")).isEqualTo("ok");
	}

	@Test
	void neverAsksAboutTextThatCannotBeAToken() {
		TokenVerifier verifier = verifier();
		assertThat(verdict(verifier, "")).isEqualTo("token-invalid");
		assertThat(verdict(verifier, "x".repeat(8193))).isEqualTo("token-invalid");
		assertThat(issuer.introspections()).isZero();
		assertThat(verdict(verifier, "x".repeat(8192))).isEqualTo("ok");
	}

	// The cache.

	@Test
	void keepsAnAnswerForASetTime() {
		TokenVerifier verifier = verifier();
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		clock.pass(Duration.ofSeconds(59));
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		assertThat(issuer.introspections()).isEqualTo(1);
		issuer.answerIntrospection(FakeIssuer.body("{\"active\":false}"));
		clock.pass(Duration.ofSeconds(2));
		assertThat(verdict(verifier, "opaque")).as("revoked meanwhile").isEqualTo("token-invalid");
		assertThat(issuer.introspections()).isEqualTo(2);
	}

	@Test
	void keepsNoAnswerBeyondTheEndOfTheToken() {
		issuer.answerIntrospection(FakeIssuer.body("{\"active\":true,\"aud\":\"hawser\",\"exp\":" + IN_A_MINUTE + "}"));
		TokenVerifier verifier = verifier("introspection.cache-time=1h");
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		clock.pass(Duration.ofSeconds(59));
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		assertThat(issuer.introspections()).isEqualTo(1);
		clock.pass(Duration.ofSeconds(2));
		assertThat(verdict(verifier, "opaque")).as("within the clock skew, but asked").isEqualTo("ok");
		assertThat(issuer.introspections()).isEqualTo(2);
		clock.pass(Duration.ofSeconds(29));
		assertThat(verdict(verifier, "opaque")).isEqualTo("token-expired");
	}

	/** The clock jumps as soon as the cache has read it in order to store the answer. */
	@Test
	void keepsAnAnswerToItsEndWhenTheClockJumpsMeanwhile() {
		AtomicBoolean jumps = new AtomicBoolean();
		TokenVerifier verifier = verifier(new InstantSource() {
			@Override
			public Instant instant() {
				return clock.instant();
			}

			@Override
			public long millis() {
				long now = clock.millis();
				if (jumps.getAndSet(false)) {
					clock.pass(Duration.ofSeconds(59));
				}
				return now;
			}
		}, "introspection.cache-time=1h");
		issuer.answerIntrospection(exchange -> {
			jumps.set(true);
			FakeIssuer.body("{\"active\":true,\"aud\":\"hawser\",\"exp\":" + IN_A_MINUTE + "}").give(exchange);
		});
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		await().untilFalse(jumps);
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		assertThat(issuer.introspections()).isEqualTo(1);
	}

	@Test
	void keepsNoAnswerForLongerWhenTheWallClockIsSetBack() {
		MovableClock wall = new MovableClock();
		TokenVerifier verifier = TokenVerifiers.of(settings("introspection.url=" + issuer.introspectionUrl(),
				"introspection.client-id=hawser", "introspection.client-secret=to be hidden", "timeout=1m"), wall, clock);
		verifiers.add(verifier);
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		wall.setBack(Duration.ofMinutes(50));
		clock.pass(Duration.ofSeconds(59));
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		assertThat(issuer.introspections()).isEqualTo(1);
		issuer.answerIntrospection(FakeIssuer.body("{\"active\":false}"));
		clock.pass(Duration.ofSeconds(2));
		assertThat(verdict(verifier, "opaque")).as("revoked meanwhile").isEqualTo("token-invalid");
	}

	@Test
	void keepsARefusalForTenSecondsAtMost() {
		issuer.answerIntrospection(FakeIssuer.body("{\"active\":false}"));
		TokenVerifier verifier = verifier("introspection.cache-time=1h");
		for (int i = 0; i < 5; i++) {
			assertThat(verdict(verifier, "opaque")).isEqualTo("token-invalid");
		}
		assertThat(issuer.introspections()).isEqualTo(1);
		issuer.answerIntrospection(FakeIssuer.body(GOOD));
		clock.pass(Duration.ofSeconds(9));
		assertThat(verdict(verifier, "opaque")).isEqualTo("token-invalid");
		clock.pass(Duration.ofSeconds(1));
		assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
	}

	@Test
	void asksEveryTimeWhereNothingIsKept() {
		TokenVerifier verifier = verifier("introspection.cache-time=0s");
		for (int i = 0; i < 20; i++) {
			assertThat(verdict(verifier, "opaque")).isEqualTo("ok");
		}
		assertThat(issuer.introspections()).isEqualTo(20);
	}

	@Test
	void keepsNoMoreAnswersThanTold() {
		TokenVerifier verifier = verifier("introspection.cache-size=10");
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 100; i++) {
				assertThat(verdict(verifier, "opaque" + i)).isEqualTo("ok");
			}
		}
		assertThat(issuer.introspections()).isGreaterThanOrEqualTo(190);
	}

	@Test
	void takesNoTokenForAnother() {
		issuer.answerIntrospection(exchange -> {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			FakeIssuer.body(body.startsWith("token=good&") ? GOOD : "{\"active\":false}").give(exchange);
		});
		TokenVerifier verifier = verifier();
		assertThat(verdict(verifier, "good")).isEqualTo("ok");
		for (String other : List.of("good ", "Good", "good\u0000", "goo", "good&x")) {
			assertThat(verdict(verifier, other)).as(other).isEqualTo("token-invalid");
		}
	}

	private static List<Future<String>> verdicts(ExecutorService threads, TokenVerifier verifier, int count, boolean different) {
		List<Future<String>> verdicts = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String token = "opaque" + (different ? i : 0);
			verdicts.add(threads.submit(() -> verdict(verifier, token)));
		}
		return verdicts;
	}

	@Test
	void asksOnceForAllWhoShowOneToken() throws Exception {
		CountDownLatch open = new CountDownLatch(1);
		issuer.answerIntrospection(FakeIssuer.after(open, FakeIssuer.body(GOOD)));
		TokenVerifier verifier = verifier();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<String>> verdicts = verdicts(threads, verifier, 50, false);
			await().until(() -> issuer.introspections() > 0);
			open.countDown();
			for (Future<String> verdict : verdicts) {
				assertThat(verdict.get()).isEqualTo("ok");
			}
		}
		assertThat(issuer.introspections()).isEqualTo(1);
	}

	@Test
	void asksAboutSixtyFourTokensAtATime() throws Exception {
		CountDownLatch open = new CountDownLatch(1);
		AtomicInteger now = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		issuer.answerIntrospection(exchange -> {
			most.accumulateAndGet(now.incrementAndGet(), Math::max);
			FakeIssuer.after(open, inner -> {
				now.decrementAndGet();
				FakeIssuer.body(GOOD).give(inner);
			}).give(exchange);
		});
		TokenVerifier verifier = verifier();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<String>> verdicts = verdicts(threads, verifier, 200, true);
			await().until(() -> now.get() == 64);
			open.countDown();
			for (Future<String> verdict : verdicts) {
				assertThat(verdict.get()).isEqualTo("ok");
			}
		}
		assertThat(most.get()).isEqualTo(64);
	}

	// Outages.

	@Test
	void reportsADeadIssuer(CapturedOutput log) throws Exception {
		TokenVerifier verifier = verifier();
		assertThat(verdict(verifier, "known-token")).isEqualTo("ok");
		issuer.die();
		assertThat(verdict(verifier, "known-token")).isEqualTo("ok");
		assertThat(verdict(verifier, "unknown-token")).isEqualTo("unavailable");
		assertThat(verdict(verifier, "unknown-token")).isEqualTo("unavailable");
		clock.pass(Duration.ofMinutes(2));
		assertThat(verdict(verifier, "known-token")).as("no longer known").isEqualTo("unavailable");
		issuer.revive();
		assertThat(verdict(verifier, "unknown-token")).as("an outage is not kept").isEqualTo("ok");
		assertThat(log.getAll()).containsOnlyOnce("No answer about tokens at").containsOnlyOnce("There are answers again")
				.doesNotContain("known-token", "to be hidden", "\tat ");
	}

	@Test
	void survivesEveryFaultOfTheIssuer() {
		TokenVerifier verifier = verifier("timeout=1s");
		List<FakeIssuer.Answer> faults = List.of(FakeIssuer.body(""), FakeIssuer.body("null"), FakeIssuer.body("<html>"),
				FakeIssuer.body(GOOD + " ".repeat(256 * 1024)), FakeIssuer.endless(), FakeIssuer.status(401, GOOD),
				FakeIssuer.status(500, GOOD),
				FakeIssuer.status(201, GOOD), FakeIssuer.redirect(issuer.url() + "/elsewhere"), issuer.stall(), issuer.stallInBody(),
				exchange -> exchange.close());
		for (int i = 0; i < faults.size(); i++) {
			issuer.answerIntrospection(faults.get(i));
			assertThat(verdict(verifier, "opaque")).as("fault %d", i).isEqualTo("unavailable");
		}
		issuer.answerIntrospection(FakeIssuer.body(GOOD));
		await().until(() -> verdict(verifier, "opaque").equals("ok"));
		assertThat(issuer.requests()).doesNotContain("/elsewhere");
	}

	@Test
	void refusesATokenThatTheIssuerCannotRead(CapturedOutput log) {
		TokenVerifier verifier = verifier();
		for (int status : new int[] { 400, 413, 414, 422, 431 }) {
			issuer.answerIntrospection(FakeIssuer.status(status, "{\"error\":\"invalid_request\"}"));
			assertThat(verdict(verifier, "made-up-" + status)).isEqualTo("token-invalid");
		}
		assertThat(log.getAll()).doesNotContain("No answer about tokens", "made-up")
				.containsOnlyOnce("about a token, and the token is refused");
	}

	@Test
	void endsWaitingChecksWhenItIsClosed() throws Exception {
		issuer.answerIntrospection(issuer.stall());
		TokenVerifier verifier = verifier("timeout=10m");
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<String> verdict = verdicts(threads, verifier, 1, false).getFirst();
			await().until(() -> issuer.introspections() > 0);
			verifier.close();
			assertThat(verdict.get()).isEqualTo("unavailable");
		}
		assertThat(verdict(verifier, "late")).isEqualTo("unavailable");
	}

	// Settings.

	@Test
	void excludesOtherSourcesOfKeys() {
		String[] base = { "introspection.url=https://a.example", "introspection.client-id=a", "introspection.client-secret=b", "" };
		for (String other : List.of("secret=" + "s".repeat(32), "jwks.url=https://a.example/keys")) {
			base[3] = other;
			assertThat(complaintAbout(base)).startsWith("hawser.handshake.token.introspection.url cannot stand beside");
		}
		assertThat(complaintAbout("jwks.url=https://a.example", "secret=" + "s".repeat(32)))
				.startsWith("hawser.handshake.token.jwks.url cannot stand beside");
		base[0] = "introspection.url=http://a.example";
		base[3] = "cookie=a";
		assertThat(complaintAbout(base)).startsWith("hawser.handshake.token.introspection.url must be an https URL");
		base[3] = "allow-http=true";
		assertThat(settings(base).toString()).doesNotContain("clientSecret");
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(textBlock = """
			https://a.example, true
			https://a.example:8443/x?y, true
			HTTPS://a.example, true
			http://localhost:8080/x, true
			http://127.0.0.1/x, true
			http://127.1.2.3/x, true
			http://[::1]/x, true
			http://a.example, false
			http://localhost.a.example, false
			http://127.0.0.1.a.example, false
			http://10.0.0.1, false
			https://user:word@a.example, false
			https:///x, false
			file:///etc/passwd, false
			ftp://a.example, false
			/x, false
			""")
	void asksOverTlsOrOnThisMachine(String url, boolean allowed) {
		assertThat(IssuerClient.isAllowed(URI.create(url), false)).isEqualTo(allowed);
	}
}
