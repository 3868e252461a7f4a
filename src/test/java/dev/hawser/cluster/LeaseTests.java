package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.BindResult;
import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.push.Order;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nodes that are silent, nodes that were buried, and batches that come twice or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaseTests {
	private static final String TABLE = "hawser:nodes:{nodes}";
	private RunningCluster cluster;
	private Clients clients;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(2);
		clients = cluster.clients(0);
	}

	@AfterAll
	void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private double count(int node, String meter) {
		return cluster.node(node).bean(MeterRegistry.class).get(meter).counter().count();
	}

	@Test
	void buriesANodeThatIsSilentOnceAndForAll() throws Exception {
		BlockingQueue<String> buried = new LinkedBlockingQueue<>();
		for (int i = 0; i < 2; i++) {
			cluster.nodes(i).add(new Nodes.Listener() {
				@Override
				public void buried(String node) {
					buried.add(node);
				}
			});
		}
		double before = count(0, ClusterMeters.BURIED) + count(1, ClusterMeters.BURIED);
		cluster.redis.cli("HSET", TABLE, "ghost-000001", "1|1|up|0");
		await().until(() -> cluster.nodes(0).isLive("ghost-000001"));
		assertThat(now(clients.send(Target.connection("ghost-000001-5"), Frame.text("x")))).isEqualTo(new Delivery.HandedOver(0, 1));
		await().until(() -> buried.stream().filter("ghost-000001"::equals).count() == 2);
		assertThat(cluster.redis.cli("HGET", TABLE, "ghost-000001")).startsWith("dead|");
		assertThat(now(clients.send(Target.connection("ghost-000001-5"), Frame.text("x")))).isEqualTo(Delivery.NOBODY);
		assertThat(count(0, ClusterMeters.BURIED) + count(1, ClusterMeters.BURIED)).isEqualTo(before + 1);
	}

	@Test
	void leavesWhenItStopsSoThatNoneHasToBuryIt() throws Exception {
		RunningHawser third = RunningHawser.start(RunningCluster.Callbacks.class, Stream
				.concat(Stream.of("hawser.node=n2"), Stream.of(cluster.redis.properties())).toArray(String[]::new));
		String name = third.bean(Nodes.class).self();
		await().until(() -> cluster.nodes(0).isLive(name));
		try (RawClient client = RawClient.connect(third.port()).upgrade("/ws")) {
			await().until(() -> third.bean(WebSocketServer.class).bind(1, "yves") == BindResult.BOUND);
			await().until(() -> now(clients.count(Target.user("yves"))) == 1);
			client.send(RawFrame.close(1000, ""));
			third.close();
		}
		assertThat(cluster.redis.cli("HKEYS", TABLE)).doesNotContain(name);
		assertThat(cluster.redis.cli("KEYS", "*n2*")).isEmpty();
		await().until(() -> !cluster.nodes(0).isLive(name));
		cluster.redis.cli("HSET", "hawser:u:{default/yves}", name, "1");
		assertThat(now(clients.send(Target.user("yves"), Frame.text("to none")))).isEqualTo(Delivery.NOBODY);
		cluster.redis.cli("DEL", "hawser:u:{default/yves}");
	}

	@Test
	void takesAnotherNameWhenItWasBuriedAndClosesItsConnections() throws Exception {
		Peer peer = cluster.connect(1, "/ws", "zoe");
		String before = cluster.nodes(1).self();
		assertThat(peer.id()).startsWith(before);
		cluster.redis.cli("HSET", TABLE, before, "dead|n0-000000|2026-01-01T00:00:00Z");
		assertThat(peer.client().frame().closeCode()).isEqualTo(1012);
		await().until(() -> !cluster.nodes(0).isLive(before) && cluster.nodes(0).isLive(cluster.nodes(1).self()));
		assertThat(cluster.nodes(1).self()).startsWith("n1-").isNotEqualTo(before);
		Peer next = cluster.connect(1, "/ws", "zoe");
		assertThat(next.id()).startsWith(cluster.nodes(1).self());
		assertThat(now(clients.send(Target.connection(next.id()), Frame.text("hello")))).isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(next.client().message().text()).isEqualTo("hello");
		assertThat(now(cluster.clients(1).exists(Target.connection(next.id())))).isTrue();
		next.client().close();
	}

	@Test
	void dropsWhatComesTwiceAndKnowsWhatIsMissing() throws Exception {
		Peer peer = cluster.connect(1, "/ws", null);
		RedisLink link = cluster.node(0).context().getBean("hawserRedis", RedisLink.class);
		Redis redis = new LettuceRedis(link, link);
		double lost = count(1, ClusterMeters.LOST);
		for (int number : List.of(1, 2, 2, 1, 5)) {
			Letter letter = new Letter.Tell(Target.connection(peer.id()),
					new Order.Send(Frame.text("batch " + number), 0));
			now(redis.append(cluster.nodes(1).self(), Batch.bytes("stranger-000001", number, List.of(letter.bytes()))));
		}
		assertThat(peer.client().message().text()).isEqualTo("batch 1");
		assertThat(peer.client().message().text()).isEqualTo("batch 2");
		assertThat(peer.client().message().text()).isEqualTo("batch 5");
		assertThat(count(1, ClusterMeters.LOST)).isEqualTo(lost + 2);
		peer.client().close();
	}
}
