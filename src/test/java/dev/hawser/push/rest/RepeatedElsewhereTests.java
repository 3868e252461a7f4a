package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.cluster.RunningCluster;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.push.rest.ApiCaller.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests with an {@code Idempotency-Key} that come to another node the second time. */
class RepeatedElsewhereTests {
	private static final String SEND = "/hubs/default/:send";
	private RunningCluster cluster;
	private List<ApiCaller> api;
	private Peer peer;

	@BeforeEach
	void start() throws Exception {
		cluster = RunningCluster.start(2, "hawser.push.key=" + PushTokens.KEY, "hawser.push.idempotency.entries=50",
				"hawser.push.idempotency.time=5m");
		api = List.of(new ApiCaller(cluster.node(0).operationsPort(), PushTokens.KEY),
				new ApiCaller(cluster.node(1).operationsPort(), PushTokens.KEY));
		peer = cluster.connect(1, "/ws", "ann");
	}

	@AfterEach
	void stop() throws Exception {
		if (cluster != null) {
			cluster.redis.goOn();
			cluster.close();
		}
		if (api != null) {
			api.forEach(ApiCaller::close);
		}
	}

	private Answered send(int node, String body, String key) throws Exception {
		return api.get(node).text(SEND, body, "Idempotency-Key", key);
	}

	private String remembered() throws Exception {
		return cluster.redis.cli("KEYS", "hawser:r:*");
	}

	private void assertGot(String... texts) throws Exception {
		assertThat(send(0, "the last", "last" + System.nanoTime()).status()).isEqualTo(202);
		List<String> got = new ArrayList<>();
		for (String next = peer.client().message().text(); !next.equals("the last"); next = peer.client().message().text()) {
			got.add(next);
		}
		assertThat(got).containsExactlyInAnyOrder(texts);
	}

	@Test
	void carriesOutOnceWhatTwoNodesAreAsked() throws Exception {
		assertThat(api.getFirst().text(SEND, "without a key").status()).isEqualTo(202);
		assertThat(remembered()).isEmpty();
		Answered first = send(0, "once", "k1");
		assertThat(first.status()).isEqualTo(202);
		for (int node : new int[] { 1, 0, 1 }) {
			Answered again = send(node, "once", "k1");
			assertThat(again.status()).isEqualTo(202);
			assertThat(again.header("Hawser-Delivery")).isEqualTo(first.header("Hawser-Delivery"));
			assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
		}
		String key = remembered();
		assertThat(key).matches("hawser:r:\\{[0-9a-f]{32}}");
		assertThat(Long.parseLong(cluster.redis.cli("PTTL", key))).isBetween(1L, 300_000L);
		assertThat(send(1, "another", "k1").code()).isEqualTo("IdempotencyKeyReused");
		assertThat(api.get(0).json("POST", SEND, "no JSON", "Idempotency-Key", "k2").status()).isEqualTo(400);
		assertThat(api.get(1).json("POST", SEND, "2", "Idempotency-Key", "k2").status()).as("a refusal is not remembered").isEqualTo(202);
		String batch = "{\"pushes\":[{\"user\":\"ann\",\"data\":1},{\"user\":\"ann\",\"data\":2}]}";
		Answered one = api.get(1).json("POST", "/hubs/default/hawser/batch", batch, "Idempotency-Key", "b");
		assertThat(api.get(0).json("POST", "/hubs/default/hawser/batch", batch, "Idempotency-Key", "b").body()).isEqualTo(one.body());
		assertGot("without a key", "once", "2", "1", "2");
	}

	@Test
	void doesNotSendTwiceWhatTwoNodesAreAskedAtTheSameTime() throws Exception {
		List<Callable<Answered>> requests = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			String key = "race" + i;
			requests.add(() -> send(0, key, key));
			requests.add(() -> send(1, key, key));
		}
		List<Answered> answers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<Answered> answer : threads.invokeAll(requests)) {
				answers.add(answer.get());
			}
		}
		assertThat(answers).allMatch(answer -> answer.status() == 202 || answer.code().equals("IdempotencyKeyInUse"));
		assertThat(answers.stream().filter(answer -> answer.status() == 202 && answer.header("Idempotency-Replayed") == null)).hasSize(20);
		assertGot(IntStream.range(0, 20).mapToObj(i -> "race" + i).toArray(String[]::new));
	}

	@Test
	void repeatsWhatIsNotKnownWithoutDoublingIt() throws Exception {
		Peer here = cluster.connect(0, "/ws", "ann");
		cluster.redis.pause();
		Answered unknown = send(0, "unknown", "k1");
		assertThat(unknown.status()).isEqualTo(503);
		assertThat(here.client().message().text()).isEqualTo("unknown");
		cluster.redis.goOn();
		cluster.awaitNodes(2);
		await().until(() -> send(1, "unknown", "k1").status() == 202);
		assertThat(send(0, "unknown", "k1").header("Idempotency-Replayed")).isEqualTo("true");
		assertGot("unknown");
		assertThat(here.client().message().text()).isEqualTo("the last");
	}

	@Test
	void repeatsForThoseThatDoNotHaveItWhatCouldNotGetToAnotherNode() throws Exception {
		Peer here = cluster.connect(0, "/ws", "ann");
		cluster.redis.kill();
		await().until(() -> api.getFirst().text(SEND, "").status() == 503);
		assertThat(here.client().message().text()).isEmpty();
		assertThat(send(0, "away", "k1").code()).isEqualTo("OtherNodesAway");
		assertThat(send(0, "away", "k1").code()).isEqualTo("OtherNodesAway");
		cluster.redis.startAgain();
		cluster.awaitNodes(2);
		await().until(() -> send(0, "away", "k1").status() == 202);
		assertThat(send(1, "end", "k2").status()).isEqualTo(202);
		List<String> got = new ArrayList<>();
		for (String next = here.client().message().text(); !next.equals("end"); next = here.client().message().text()) {
			got.add(next);
		}
		assertThat(got.stream().filter(text -> !text.isEmpty())).containsExactly("away");
		assertThat(peer.client().message().text()).isEqualTo("away");
	}

	@Test
	void keepsNoTokenAndNoMoreThanEachNodeRemembers() throws Exception {
		Answered token = api.getFirst().json("POST", "/hubs/default/:generateToken", "", "Idempotency-Key", "t");
		assertThat(token.status()).isEqualTo(200);
		assertThat(api.getFirst().json("POST", "/hubs/default/:generateToken", "", "Idempotency-Key", "t").body()).isEqualTo(token.body());
		assertThat(remembered()).isEmpty();
		for (int i = 0; i < 70; i++) {
			assertThat(send(0, "x", "k" + i).status()).isEqualTo(202);
		}
		await().until(() -> remembered().lines().count() <= 50);
	}
}
