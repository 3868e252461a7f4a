package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.operations.Drain;
import dev.hawser.testing.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Reliable clients of a node that stops while something else goes wrong. */
class StoppingNodeTests {
	private static final Duration PATIENCE = Duration.ofMinutes(1);
	private static final String KEY = "hawser.push.key=stopping-stopping-stopping-stopping-stopping";

	/** Redis is away just when their sockets are closed. They can go on elsewhere a little later. */
	@Test
	void keepsConnectionsWhileRedisIsAwayForAMoment() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(MovingConnectionTests.Callbacks.class, RedisServer.startDurable(), 2, KEY);
				MovingPeer peer = MovingPeer.connect(cluster.node(0), "user=jana&join=j")) {
			cluster.settled();
			cluster.redis.kill();
			await().atMost(PATIENCE).until(() -> !cluster.cluster(0).clusterNodes().mayPassOn());
			cluster.node(0).bean(Drain.class).begin();
			assertThat(peer.text()).isEqualTo("close 1012");
			cluster.redis.startAgain();
			cluster.awaitNodes(2);
			peer.comeBack(cluster.node(1));
			assertThat(now(cluster.clients(1).send(Target.user("jana"), Frame.text("after")))).isInstanceOfAny(Delivery.Delivered.class,
					Delivery.HandedOver.class);
			assertThat(peer.numbered()).isEqualTo("1:after");
		}
	}

	/** What it has missed was in its node alone. */
	@Test
	void beginsAnewWhenItsNodeIsDead() throws Exception {
		RedisServer redis = RedisServer.start("user doomed on nopass ~* &* +@all");
		try (RunningCluster cluster = RunningCluster.start(MovingConnectionTests.Callbacks.class, redis, 1, KEY)) {
			cluster.startOne("n1", KEY, "spring.data.redis.username=doomed", "spring.data.redis.password=any");
			cluster.awaitNodes(2);
			Target group = Target.group("default", "k");
			try (MovingPeer peer = MovingPeer.connect(cluster.node(1), "user=kim&join=k")) {
				cluster.settled();
				for (int i = 1; i <= 3; i++) {
					assertThat(now(cluster.clients(0).send(group, Frame.text("before")))).isEqualTo(new Delivery.HandedOver(0, 1));
					assertThat(peer.numbered()).isEqualTo(i + ":before");
				}
				redis.cli("ACL", "SETUSER", "doomed", "off");
				redis.cli("CLIENT", "KILL", "USER", "doomed");
				assertThat(now(cluster.clients(0).send(group, Frame.text("lost")))).isEqualTo(new Delivery.HandedOver(0, 1));
				peer.leave();
				String end = peer.comeBack(cluster.node(0)).text();
				while (end.equals("close 1013")) {
					end = peer.comeBack(cluster.node(0)).text();
				}
				assertThat(end).isEqualTo("close 1008");
				assertThat(cluster.cluster(0).clusterNodes().isDead(cluster.nodes(1).self())).isTrue();
			}
			try (MovingPeer peer = MovingPeer.connect(cluster.node(0), "user=kim&join=k")) {
				assertThat(now(cluster.clients(0).send(group, Frame.text("after")))).isEqualTo(new Delivery.Delivered(1));
				assertThat(peer.numbered()).isEqualTo("1:after");
			}
		}
	}
}
