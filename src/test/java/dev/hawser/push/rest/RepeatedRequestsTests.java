package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.WebSocketServer;
import dev.hawser.push.rest.ApiCaller.Answered;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with an {@code Idempotency-Key}: what is sent twice is carried out once. */
class RepeatedRequestsTests {
	private static final String OTHER = "other-key-other-key-other-key-other-key-012345";
	private static final String SEND = "/hubs/default/:send";
	private static RunningHawser running;
	private static ApiCaller api;

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Echo.class, "hawser.push.keys[0].secret=" + PushTokens.KEY, "hawser.push.keys[1].secret=" + OTHER,
				"hawser.push.idempotency.entries=20", "hawser.push.idempotency.size=20KB");
		api = new ApiCaller(running.operationsPort(), PushTokens.KEY);
	}

	@AfterAll
	static void stop() {
		api.close();
		running.close();
	}

	private static Answered send(String body, String key) throws Exception {
		return api.text(SEND, body, "Idempotency-Key", key);
	}

	private static RawClient connected() throws Exception {
		RawClient client = running.connect();
		await().until(() -> running.bean(WebSocketServer.class).connections().count() == 1);
		return client;
	}

	@Test
	void carriesOutOnceWhatIsSentTwice() throws Exception {
		try (RawClient client = connected()) {
			Answered first = send("once", "k1");
			assertThat(first.status()).isEqualTo(202);
			assertThat(first.header("Idempotency-Replayed")).isNull();
			Answered second = send("once", "k1");
			assertThat(second.status()).isEqualTo(202);
			assertThat(second.header("Hawser-Delivery")).isEqualTo(first.header("Hawser-Delivery")).isEqualTo("delivered; connections=1");
			assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
			Answered other = send("else", "k1");
			assertThat(other.status()).isEqualTo(422);
			assertThat(other.code()).isEqualTo("IdempotencyKeyReused");
			assertThat(api.text(SEND, "once", "Idempotency-Key", "k1", "X-WebPubSub-Metadata-Trace", "7").status()).isEqualTo(422);
			assertThat(api.text("/hubs/default/users/x/:send", "once", "Idempotency-Key", "k1").status()).isEqualTo(422);
			assertThat(api.json("POST", SEND, "once", "Idempotency-Key", "k1").status()).isEqualTo(422);
			try (ApiCaller caller = new ApiCaller(running.operationsPort(), OTHER)) {
				assertThat(caller.text(SEND, "of another caller", "Idempotency-Key", "k1").status()).isEqualTo(202);
			}
			assertThat(client.message().text()).isEqualTo("once");
			assertThat(client.message().text()).isEqualTo("of another caller");
			Answered batch = api.json("POST", "/hubs/default/hawser/batch", "{\"pushes\":[{\"all\":true,\"data\":1}]}", "Idempotency-Key",
					"b");
			Answered again = api.json("POST", "/hubs/default/hawser/batch", "{\"pushes\":[{\"all\":true,\"data\":1}]}", "Idempotency-Key",
					"b");
			assertThat(again.body()).isEqualTo(batch.body());
			assertThat(client.message().text()).isEqualTo("1");
			send("last", "k2");
			assertThat(client.message().text()).isEqualTo("last");
		}
	}

	@Test
	void remembersNoRefusal() throws Exception {
		assertThat(api.json("POST", SEND, "no JSON", "Idempotency-Key", "k3").status()).isEqualTo(400);
		assertThat(api.json("POST", SEND, "1", "Idempotency-Key", "k3").status()).isEqualTo(202);
	}

	@Test
	void forgetsTheOldest() throws Exception {
		assertThat(send("x", "oldest").status()).isEqualTo(202);
		for (int i = 0; i < 19; i++) {
			send("x", "filler-" + i);
		}
		assertThat(send("x", "oldest").header("Idempotency-Replayed")).isEqualTo("true");
		send("x", "filler-19");
		assertThat(send("x", "filler-1").header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(send("x", "oldest").header("Idempotency-Replayed")).isNull();
	}

	@Test
	void forgetsWhatIsTooLarge() throws Exception {
		String batch = "{\"pushes\":[" + "{\"user\":\"nobody\",\"data\":1},".repeat(999) + "{\"user\":\"nobody\",\"data\":1}]}";
		for (int i = 0; i < 2; i++) { // its answer alone has more than 20 KB
			assertThat(api.json("POST", "/hubs/default/hawser/batch", batch, "Idempotency-Key", "large").header("Idempotency-Replayed"))
					.isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "with space", "TOO LONG" })
	void refusesABadKey(String key) throws Exception {
		Answered answer = send("x", key.equals("TOO LONG") ? "k".repeat(256) : key);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.target()).isEqualTo("Idempotency-Key");
	}

	/** A request whose body has not come yet is none so far: the one that is whole first is carried out. */
	@Test
	void carriesOutTheOneThatIsWholeFirst() throws Exception {
		String path = "/api" + SEND;
		int port = running.operationsPort();
		List<String> head = List.of("POST " + path + " HTTP/1.1", "Host: localhost:" + port,
				PushTokens.header("http://localhost:" + port + path), "Content-Type: text/plain", "Content-Length: 1",
				"Idempotency-Key: k9");
		try (RawClient client = RawClient.connect(port).request(head.toArray(String[]::new))) {
			assertThat(send("x", "k9").status()).as("the first has not been read yet: nothing is known of it").isEqualTo(202);
			client.send("x".getBytes(StandardCharsets.US_ASCII));
			assertThat(client.response().header("Idempotency-Replayed")).isEqualTo("true");
		}
	}
}
