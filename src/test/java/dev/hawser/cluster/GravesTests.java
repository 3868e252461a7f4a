package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RedisCluster;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a dead node has left goes away, and a node that comes back after that knows that it was buried. */
class GravesTests {
	private static final String TABLE = "hawser:nodes:{nodes}";
	private static final String TOMBSTONE = "dead|a|2031-05-04T03:02:01Z";

	private static void sweep(RedisServer redis, RedisClients clients, Set<String> live, Duration kept) {
		Redis commands = new LettuceRedis(clients.link(), clients.link());
		try (ClusterThread thread = new ClusterThread("sweeping")) {
			Graves graves = new Graves(commands, new KnownNodes("a", live), thread, () -> true, System::nanoTime, kept);
			Map<String, String> tombstones = Map.of("dead-1", TOMBSTONE);
			thread.everyTick(() -> graves.tick(tombstones));
			await().until(() -> redis.cli("HEXISTS", TABLE, "dead-1"), "0"::equals);
		}
	}

	@Test
	void removesTheFieldsOfADeadNodeAndThenItsTombstone() throws Exception {
		try (RedisServer redis = RedisServer.start(); RedisClients clients = RedisClients.of(redis)) {
			redis.cli("EVAL", """
					for i = 1, 1200 do
					  redis.call('HSET', 'hawser:u:{default/' .. i .. '}', 'dead-1', 2, 'a', 1)
					  redis.call('HSET', 'hawser:g:{default/' .. i .. '}', 'dead-1', 1)
					end
					redis.call('HSET', 'hawser:a:{default/127.0.0.1}', 'dead-1', 7)
					redis.call('SET', 'hawser:u:{foreign}', 'no hash')
					redis.call('HSET', 'other:u:{default/1}', 'dead-1', 1)
					redis.call('HSET', KEYS[1], 'dead-1', ARGV[1])
					""", "1", TABLE, TOMBSTONE);
			sweep(redis, clients, KnownNodes.none(), Duration.ofMillis(300));
			assertThat(redis.cli("EVAL", "return #redis.call('KEYS', 'hawser:g:*') .. '/' .. #redis.call('KEYS', 'hawser:a:*')", "0"))
					.isEqualTo("0/0");
			assertThat(redis.cli("EVAL", """
					local sum = 0
					for _, key in ipairs(redis.call('KEYS', 'hawser:u:{default*')) do sum = sum + redis.call('HLEN', key) end
					return sum
					""", "0")).isEqualTo("1200");
			assertThat(redis.cli("HGET", "other:u:{default/1}", "dead-1")).as("another cluster").isEqualTo("1");
		}
	}

	@Test
	void looksAtAllPrimariesOfARedisCluster() throws Exception {
		try (RedisCluster redis = RedisCluster.start()) {
			List<String> properties = new ArrayList<>(List.of(redis.properties()));
			properties.add("hawser.node=a");
			try (RunningHawser node = RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new))) {
				await().until(() -> node.bean(Cluster.class).clusterNodes().mayPassOn());
				RedisLink link = node.context().getBean("hawserRedis", RedisLink.class);
				Redis commands = new LettuceRedis(link, link);
				List<Place> places = IntStream.range(0, 100).mapToObj(i -> new Place(Place.Kind.USER, "default", "user" + i)).toList();
				for (Place place : places) {
					now(commands.put(place, "dead-1", "1"));
				}
				Object after = null;
				do {
					Redis.Keys page = now(commands.places(after));
					var _ = now(commands.drop(page.keys(), List.of("dead-1")));
					after = page.next();
				}
				while (after != null);
				assertThat(now(commands.nodesAt(places)).values()).hasSameSizeAs(places).allSatisfy(nodes -> assertThat(nodes).isEmpty());
				assertThat(now(commands.enter(places.getFirst(), "b", 1, 3, 3, List.of()))).isEqualTo(new Redis.Entered(2, Set.of()));
			}
		}
	}

	@Test
	void letsOneNodeDoItAndLeavesATombstoneThatIsAnother() throws Exception {
		try (RedisServer redis = RedisServer.start();
				RedisClients clients = RedisClients.of(redis);
				ClusterThread thread = new ClusterThread("idle")) {
			redis.cli("HSET", TABLE, "dead-1", TOMBSTONE, "b", "1|1|up|0");
			Set<String> live = KnownNodes.none();
			live.add("0");
			Graves idle = new Graves(new LettuceRedis(clients.link(), clients.link()), new KnownNodes("z", live), thread, () -> true,
					System::nanoTime, Duration.ZERO);
			for (int i = 0; i < 20; i++) {
				idle.tick(Map.of("dead-1", TOMBSTONE));
			}
			Redis commands = new LettuceRedis(clients.link(), clients.link());
			assertThat(commands.remove("dead-1", "dead|b|another").toCompletableFuture().get()).isFalse();
			assertThat(redis.cli("HGET", TABLE, "dead-1")).isEqualTo(TOMBSTONE);
			sweep(redis, clients, KnownNodes.none(), Duration.ZERO);
		}
	}

	@Test
	void tellsANodeThatItWasBuriedAlthoughItsTombstoneIsGone() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(2)) {
			Peer peer = cluster.connect(1, "/ws", "ann");
			String before = cluster.nodes(1).self();
			cluster.redis.cli("HDEL", TABLE, before);
			assertThat(peer.client().frame().closeCode()).isEqualTo(1012);
			await().until(() -> !cluster.nodes(1).self().equals(before) && cluster.nodes(0).isLive(cluster.nodes(1).self()));
			assertThat(cluster.nodes(0).isLive(before)).isFalse();
			assertThat(cluster.redis.cli("HEXISTS", TABLE, before)).isEqualTo("0");
			Peer again = cluster.connect(1, "/ws", "ann");
			assertThat(now(cluster.clients(0).send(Target.connection(again.id()), Frame.text("hi"))))
					.isEqualTo(new Delivery.HandedOver(0, 1));
			assertThat(again.client().message().text()).isEqualTo("hi");
		}
	}

	@Test
	void leavesNothingOfANodeThatStops() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(2)) {
			for (int i = 0; i < 20; i++) {
				Peer peer = cluster.connect(1, "/ws", "user" + i);
				assertThat(now(cluster.clients(0).join(Target.connection(peer.id()), "group" + i))).isEqualTo(new Delivery.Delivered(1));
			}
			cluster.node(1).close();
			assertThat(cluster.redis.cli("EVAL", "return #redis.call('KEYS', 'hawser:[ug]:*')", "0")).isEqualTo("0");
		}
	}
}
