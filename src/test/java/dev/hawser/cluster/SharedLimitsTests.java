package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Frame;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.Target;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** The limits for users and addresses, which count on all nodes together. */
class SharedLimitsTests {
	private static final String USER_KEY = "hawser:u:{default/developer}";
	private static final String ADDRESS_KEY = "hawser:a:{default/127.0.0.1}";
	private static final String PER_USER = "hawser.connection.limits.per-user=";
	private static final String PER_ADDRESS = "hawser.connection.limits.per-address=";
	private final List<RawClient> clients = new ArrayList<>();
	private @Nullable RunningCluster running;

	static class Refusing {
		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> {
				if (request.query().containsKey("refuse")) {
					response.status(403);
					response.end();
				}
				else {
					String user = request.query().getFirst("user");
					if (user != null) {
						response.user(user);
					}
					response.accept();
				}
			};
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.reply(frame, frame.text());
		}
	}

	@AfterEach
	void stop() throws Exception {
		for (RawClient client : clients) {
			client.close();
		}
		if (running != null) {
			running.redis.goOn();
			running.close();
		}
	}

	private RunningCluster start(int nodes, String... properties) throws Exception {
		RunningCluster cluster = RunningCluster.start(nodes, properties);
		running = cluster;
		return cluster;
	}

	private RawClient connect(RunningHawser node, String query) throws Exception {
		RawClient client = RawClient.connect(node.port()).request(RawClient.handshake("/ws?" + query));
		synchronized (clients) {
			clients.add(client);
		}
		return client;
	}

	private RawClient.Response asUser(RunningHawser node) throws Exception {
		return connect(node, "access_token=" + RunningHawser.token()).response();
	}

	private RawClient.Response anonymous(RunningHawser node) throws Exception {
		return connect(node, "").response();
	}

	private static void assertRefused(RawClient.Response answer, String reason) {
		assertThat(answer.status()).isEqualTo(429);
		assertThat(answer.body()).contains(reason);
		assertThat(answer.header("Retry-After")).isEqualTo("5");
	}

	private static double rejected(RunningHawser node, String reason) {
		return node.bean(MeterRegistry.class).get("hawser.handshakes").tags("outcome", "rejected", "reason", reason).counter().count();
	}

	private static double limitedHere(RunningHawser node) {
		return node.bean(MeterRegistry.class).get(ClusterMeters.LIMITED_HERE).counter().count();
	}

	@Test
	void countsTheConnectionsOfAUserOnAllNodes() throws Exception {
		RunningCluster cluster = start(3, PER_USER + 2);
		assertThat(asUser(cluster.node(0)).status()).isEqualTo(101);
		assertThat(asUser(cluster.node(1)).status()).isEqualTo(101);
		for (int i = 0; i < 3; i++) {
			assertRefused(asUser(cluster.node(i)), "user-connections");
			assertThat(rejected(cluster.node(i), "user-connections")).isEqualTo(1);
		}
		assertThat(anonymous(cluster.node(2)).status()).as("another one").isEqualTo(101);
		cluster.settled();
		assertThat(cluster.redis.cli("HVALS", USER_KEY)).isEqualTo("1\n1");
		clients.getFirst().close();
		await().until(() -> asUser(cluster.node(2)).status() == 101);
		assertRefused(asUser(cluster.node(0)), "user-connections");
		for (RawClient client : clients) {
			client.close();
		}
		await().until(() -> cluster.redis.cli("EXISTS", USER_KEY), "0"::equals);
		assertThat(limitedHere(cluster.node(0))).isZero();
	}

	@Test
	void letsInNoMoreThanTheLimitWhenAllComeAtOnce() throws Exception {
		RunningCluster cluster = start(2, PER_USER + 5);
		List<Callable<Integer>> attempts = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			RunningHawser node = cluster.node(i % 2);
			attempts.add(() -> asUser(node).status());
		}
		List<Integer> answers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<Integer> answer : threads.invokeAll(attempts)) {
				answers.add(answer.get());
			}
		}
		assertThat(answers).containsOnly(101, 429);
		assertThat(answers.stream().filter(status -> status == 101)).hasSize(5);
		await().until(() -> now(cluster.clients(0).count(Target.user("developer"))) == 5);
	}

	@Test
	void countsTheConnectionsOfAnAddressOnAllNodes() throws Exception {
		RunningCluster cluster = start(2, PER_ADDRESS + 2);
		assertThat(anonymous(cluster.node(0)).status()).isEqualTo(101);
		assertThat(asUser(cluster.node(1)).status()).isEqualTo(101);
		assertRefused(anonymous(cluster.node(0)), "address-connections");
		assertRefused(asUser(cluster.node(1)), "address-connections");
		clients.get(1).close();
		await().until(() -> anonymous(cluster.node(0)).status() == 101);
		for (RawClient client : clients) {
			client.close();
		}
		await().until(() -> cluster.redis.cli("EXISTS", ADDRESS_KEY, USER_KEY), "0"::equals);
	}

	@Test
	void beginsAndEndsToCountAddressesWithAReload() throws Exception {
		RunningCluster cluster = start(2, PER_USER + 0, "hawser.hubs.chat.connection.limits.per-address=2");
		assertThat(anonymous(cluster.node(0)).status()).isEqualTo(101);
		assertThat(anonymous(cluster.node(1)).status()).isEqualTo(101);
		assertThat(cluster.redis.cli("EXISTS", ADDRESS_KEY)).isEqualTo("0");
		List<Hub> hubs = List.of(cluster.node(0).bean(Hubs.class).get("default"), cluster.node(1).bean(Hubs.class).get("default"));
		var unlimited = hubs.getFirst().settings();
		var limited = cluster.node(0).bean(Hubs.class).get("chat").settings();
		hubs.forEach(hub -> hub.settings(limited));
		await().until(() -> cluster.redis.cli("HVALS", ADDRESS_KEY), "1\n1"::equals);
		assertRefused(anonymous(cluster.node(0)), "address-connections");
		hubs.forEach(hub -> hub.settings(unlimited));
		await().until(() -> cluster.redis.cli("EXISTS", ADDRESS_KEY), "0"::equals);
		assertThat(anonymous(cluster.node(0)).status()).isEqualTo(101);
	}

	@Test
	void countsNeitherNodesThatAreGoneNorHandshakesThatFail() throws Exception {
		RunningCluster cluster = start(1, PER_USER + 2);
		cluster.redis.cli("HSET", USER_KEY, "gone-abcdef", "7");
		assertThat(asUser(cluster.node(0)).status()).isEqualTo(101);
		RunningHawser other = RunningHawser.start(Refusing.class,
				"spring.data.redis.port=" + cluster.redis.port(), "spring.data.redis.host=localhost", "hawser.node=refusing", PER_USER + 2);
		try (other) {
			await().until(() -> other.bean(Nodes.class).live().size() == 2 && cluster.nodes(0).live().size() == 2);
			String node = other.bean(Nodes.class).self();
			for (int i = 0; i < 3; i++) {
				assertThat(connect(other, "refuse&access_token=" + RunningHawser.token()).response().status()).isEqualTo(403);
			}
			await().until(() -> cluster.redis.cli("HEXISTS", USER_KEY, node), "0"::equals);
			assertThat(asUser(other).status()).isEqualTo(101);
			assertRefused(asUser(other), "user-connections");
			assertRefused(asUser(cluster.node(0)), "user-connections");
		}
		await().until(() -> asUser(cluster.node(0)).status() == 101);
	}

	@Test
	void countsFromMemoryAgainWhenRedisHasLostItsData() throws Exception {
		RunningCluster cluster = start(2, PER_USER + 2);
		assertThat(asUser(cluster.node(0)).status()).isEqualTo(101);
		assertThat(asUser(cluster.node(1)).status()).isEqualTo(101);
		cluster.redis.cli("FLUSHALL");
		await().until(() -> cluster.redis.cli("HVALS", USER_KEY), "1\n1"::equals);
		cluster.awaitNodes(2); // a node that another one does not know again yet is not counted by it
		assertRefused(asUser(cluster.node(0)), "user-connections");
	}

	@Test
	void letsThisNodeAloneCountWhileRedisIsSilentOrAway() throws Exception {
		RunningCluster cluster = start(2, PER_USER + 2);
		assertThat(asUser(cluster.node(0)).status()).isEqualTo(101);
		assertThat(asUser(cluster.node(1)).status()).isEqualTo(101);
		cluster.redis.pause();
		long begin = System.nanoTime();
		assertThat(asUser(cluster.node(0)).status()).isEqualTo(101);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
		assertThat(limitedHere(cluster.node(0))).isEqualTo(1);
		assertRefused(asUser(cluster.node(0)), "user-connections");
		await().until(() -> !cluster.cluster(0).clusterNodes().mayPassOn());
		assertThat(asUser(cluster.node(1)).status()).isEqualTo(101);
		cluster.redis.goOn();
		cluster.awaitNodes(2);
		cluster.settled();
		assertThat(cluster.redis.cli("HVALS", USER_KEY)).isEqualTo("2\n2");
		assertThat(now(cluster.clients(0).send(Target.user("developer"), Frame.text("all")))).isNotNull();
	}

	@Test
	void countsTheUserThatTheApplicationNames() throws Exception {
		RunningCluster cluster = start(1, PER_USER + 1);
		RunningHawser other = RunningHawser.start(Refusing.class, "spring.data.redis.port=" + cluster.redis.port(),
				"spring.data.redis.host=localhost", "hawser.node=naming", PER_USER + 1);
		try (other) {
			await().until(() -> other.bean(Nodes.class).live().size() == 2 && cluster.nodes(0).live().size() == 2);
			assertThat(asUser(cluster.node(0)).status()).isEqualTo(101);
			String token = "&access_token=" + RunningHawser.token();
			assertThat(connect(other, "user=zoe" + token).response().status()).as("another user").isEqualTo(101);
			assertRefused(connect(other, "user=zoe").response(), "user-connections");
			assertRefused(connect(other, "user=developer").response(), "user-connections");
			await().until(() -> cluster.redis.cli("HVALS", USER_KEY), "1"::equals);
		}
	}
}
