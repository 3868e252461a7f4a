package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RedisCluster;
import dev.hawser.testing.RedisSentinels;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is owed to backends, in a Redis Cluster and behind sentinels. */
class OwedTopologyTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	private RunningHawser node(String name, String[] redis) {
		List<String> properties = new ArrayList<>(List.of(redis));
		properties.addAll(List.of("hawser.node=" + name, "hawser.hubs.default.webhooks[0].url=" + backend.url()));
		return RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new));
	}

	private static String key(RunningHawser node) {
		return "hawser:c:{" + node.bean(Nodes.class).self() + '}';
	}

	@Test
	void isInheritedInARedisCluster() throws Exception {
		try (RedisCluster redis = RedisCluster.start();
				RunningHawser a = node("a", redis.properties());
				RunningHawser b = node("b", redis.properties());
				RawClient client = a.connect()) {
			String before = a.bean(Nodes.class).self();
			String key = key(a);
			await().until(() -> redis.cli("HKEYS", key), keys -> keys.contains("_"));
			await().until(() -> b.bean(Nodes.class).isLive(before) && a.bean(Nodes.class).isLive(b.bean(Nodes.class).self()));
			redis.cli("HSET", "hawser:nodes:{nodes}", before, "dead|b|2031-05-04T03:02:01Z");
			assertThat(backend.event("disconnected").text()).contains("node lost");
			assertThat(client.frame().closeCode()).isEqualTo(1012);
			await().until(() -> redis.cli("HKEYS", key), keys -> !keys.contains("_"));
		}
	}

	@Test
	void isInTheNewPrimaryAfterAFailover() throws Exception {
		try (RedisSentinels redis = RedisSentinels.start(); RunningHawser a = node("a", redis.properties())) {
			await().until(() -> redis.primary().cli("HKEYS", "hawser:nodes:{nodes}"), keys -> keys.contains("a-"));
			try (RawClient _ = a.connect()) {
				await().until(() -> redis.copy().cli("HKEYS", key(a)), keys -> keys.contains("_1"));
				redis.primary().kill();
				redis.awaitFailover();
				try (RawClient _ = a.connect()) {
					await().until(() -> redis.copy().cli("HKEYS", key(a)), keys -> keys.contains("_1") && keys.contains("_2"));
				}
				assertThat(backend.event("disconnected").text()).doesNotContain("node lost");
				await().until(() -> redis.copy().cli("HKEYS", key(a)), keys -> keys.contains("_1") && !keys.contains("_2"));
			}
		}
	}
}
