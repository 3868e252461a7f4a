package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.Echo;
import dev.hawser.testing.FakeIssuer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SigningKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/** The whole server with an issuer that it must ask: the answers to clients, and that no other client has to wait. */
@ReadsLog
class IssuerTokenTests {
	private static final SigningKey KEY = SigningKey.of("ES256");
	private static FakeIssuer issuer;
	private static RunningHawser hawser;

	@BeforeAll
	static void startWhileTheIssuerIsDead() throws Exception {
		issuer = new FakeIssuer().publish(KEY.jwk("k1"));
		issuer.die();
		hawser = RunningHawser.startAsConfigured(Echo.class, "hawser.handshake.token.issuer=" + issuer.url(),
				"hawser.handshake.token.timeout=1m", "hawser.handshake.token.jwks.refresh-interval=4s");
	}

	@AfterAll
	static void stop() throws Exception {
		hawser.close();
		issuer.close();
	}

	private static String token(String kid) {
		return KEY.signAs(kid, "{\"sub\":\"alice\",\"aud\":\"hawser\",\"iss\":\"" + issuer.url() + "\",\"exp\":"
				+ Instant.now().plusSeconds(600).getEpochSecond() + "}");
	}

	private static RawClient.Response answerTo(String token) throws Exception {
		try (RawClient client = RawClient.connect(hawser.port()).request(RawClient.handshake("/ws?access_token=" + token))) {
			return client.response();
		}
	}

	@Test
	void acceptsTokensThatItCanCheckWhateverTheIssuerDoes(CapturedOutput log) throws Exception {
		RawClient.Response none = answerTo(token("k1"));
		assertThat(none.status()).as("no keys yet").isEqualTo(503);
		assertThat(none.header("Retry-After")).isEqualTo("5");
		assertThat(none.body()).contains("\"reason\":\"verifier\"");
		assertThat(answerTo("nonsense").status()).isEqualTo(401);
		try (RawClient probe = RawClient.connect(hawser.operationsPort())
				.request("GET /actuator/health/readiness HTTP/1.1", "Host: localhost")) {
			assertThat(probe.response().status()).isEqualTo(200);
		}

		issuer.revive();
		await("keys").ignoreExceptionsInstanceOf(IOException.class).until(() -> answerTo(token("k1")).status() == 101);

		CountDownLatch forever = new CountDownLatch(1);
		issuer.answerKeys(FakeIssuer.after(forever, FakeIssuer.body("{}")));
		List<RawClient> waiting = new ArrayList<>();
		try (RawClient client = RawClient.connect(hawser.port()).upgrade("/ws?access_token=" + token("k1"))) {
			for (int i = 0; i < 40; i++) {
				waiting.add(RawClient.connect(hawser.port()).request(RawClient.handshake("/ws?access_token=" + token("k2"))));
			}
			await("a client waits").until(() -> issuer.fetches() > 1);
			assertThat(client.send(RawFrame.text("still here")).message().text()).isEqualTo("still here");
			assertThat(answerTo(token("k1")).status()).as("a key that is known").isEqualTo(101);
		}
		finally {
			forever.countDown();
			for (RawClient client : waiting) {
				client.close();
			}
		}
		assertThat(log.getAll()).as("tokens").doesNotContain(token("k1").substring(0, 20), "nonsense");
		assertThat(log.getAll()).as("one line for one outage").containsOnlyOnce("it cannot be reached");
	}
}
