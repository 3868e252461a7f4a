package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RedisCluster;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redis loses what it held while a node is silent, or without a word of it. */
class LostDataTests {
	private static final String TABLE = "hawser:nodes:{nodes}";
	private static final String GHOST = "ghost-000001";

	/** One that stands still must not go on as if it had missed nothing. */
	@Test
	void buriesASilentNodeAlthoughItsRecordIsLost() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(2)) {
			cluster.redis.cli("HSET", TABLE, GHOST, "1|1|up|0");
			await().until(() -> cluster.nodes(0).isLive(GHOST) && cluster.nodes(1).isLive(GHOST));
			cluster.redis.cli("FLUSHALL");
			await().until(() -> cluster.redis.cli("HGET", TABLE, GHOST), record -> {
				assertThat(cluster.nodes(0).isLive(GHOST) || cluster.cluster(0).clusterNodes().isDead(GHOST)).as("until it is buried")
						.isTrue();
				return record.startsWith("dead|");
			});
			await().until(() -> cluster.cluster(1).clusterNodes().isDead(GHOST));
			cluster.redis.cli("FLUSHALL");
			await().until(() -> cluster.redis.cli("HGET", TABLE, GHOST), record -> record.startsWith("dead|"));
			assertThat(cluster.nodes(0).isLive(GHOST)).isFalse();
		}
	}

	@Test
	void aBuriedNodeLearnsFirstThatRedisHasLostWhatItWrote() throws Exception {
		BlockingQueue<String> told = new LinkedBlockingQueue<>();
		try (RunningCluster cluster = RunningCluster.start(2)) {
			cluster.nodes(1).add(new Nodes.Listener() {
				@Override
				public void lostData() {
					told.add("lost");
				}

				@Override
				public void fenced(String before, String now) {
					told.add("fenced");
				}
			});
			cluster.redis.cli("EVAL", "return redis.call('HSET', KEYS[1], '~epoch', 'another', ARGV[1], 'dead|n0|now')", "1", TABLE,
					cluster.nodes(1).self());
			assertThat(told.take()).isEqualTo("lost");
			assertThat(told.take()).isEqualTo("fenced");
		}
	}

	/** It may lack its last changes, as a copy does that was promoted. */
	@Test
	void aProcessThatIsAnotherBeginsAnEpoch() throws Exception {
		try (RedisServer server = RedisServer.startDurable(); RedisClients clients = RedisClients.of(server)) {
			Redis redis = new LettuceRedis(clients.link(), clients.link());
			String first = now(redis.beat("a", "1|1|up|0", 0, "", "e1")).epoch();
			assertThat(now(redis.beat("a", "2|1|up|0", 1, first, "e2")).epoch()).isEqualTo(first);
			long before = redis.generation();
			server.kill();
			server.startAgain();
			Redis.Beat answer = await().ignoreExceptions().until(() -> now(redis.beat("a", "3|1|up|0", 2, first, "e3")), _ -> true);
			assertThat(answer.before()).as("nothing is lost").isEqualTo("2|1|up|0");
			assertThat(answer.epoch()).isNotEqualTo(first).endsWith(Redis.RENEWED);
			assertThat(redis.generation()).isGreaterThan(before);
			assertThat(now(redis.beat("b", "1|1|up|0", 0, "", "e4")).epoch()).isEqualTo(answer.epoch());
		}
	}

	@Test
	void writesEverythingAgainWhenOnePrimaryOfSeveralHasLostItsData() throws Exception {
		try (RedisCluster redis = RedisCluster.start();
				RunningHawser a = node("a", redis.properties());
				RunningHawser b = node("b", redis.properties());
				MovingPeer peer = MovingPeer.connect(b, "")) {
			await().until(() -> a.bean(Nodes.class).live().size() == 2 && b.bean(Nodes.class).live().size() == 2);
			String group = IntStream.range(0, 1000).mapToObj(i -> "g" + i)
					.filter(name -> redis.primaryOf("{nodes}") != redis.primaryOf(key(name)))
					.findFirst().orElseThrow();
			assertThat(now(a.bean(Clients.class).join(Target.connection(peer.id), group)))
					.isEqualTo(new Delivery.Delivered(1));
			await().until(() -> redis.cli("HKEYS", key(group)), b.bean(Nodes.class).self()::equals);
			RedisServer primary = redis.primaryOf(key(group));
			primary.kill();
			primary.startAgain(); // with its slots, and nothing in them
			await().ignoreExceptions().until(() -> redis.cli("HKEYS", key(group)), b.bean(Nodes.class).self()::equals);
			await().until(() -> now(a.bean(Clients.class).send(Target.group("default", group), Frame.text("again"))),
					new Delivery.HandedOver(0, 1)::equals);
			assertThat(peer.numbered()).endsWith(":again");
		}
	}

	private static String key(String group) {
		return "hawser:g:{default/" + group + "}";
	}

	private static RunningHawser node(String name, String[] redis) {
		List<String> properties = new ArrayList<>(List.of(redis));
		properties.addAll(List.of("hawser.node=" + name, "hawser.push.key=lost-lost-lost-lost-lost-lost-lost-lost"));
		return RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new));
	}
}
