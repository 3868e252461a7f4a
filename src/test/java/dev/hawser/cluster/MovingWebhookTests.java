package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Target;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a backend hears of a connection that moves from node to node. */
class MovingWebhookTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();

	@Test
	void hearsOfOneConnection() throws Exception {
		backend.answer("connect", FakeBackend.status(204, "ce-connectionState", "eyJhIjoxfQ=="));
		try (RunningCluster cluster = RunningCluster.start(NoCallbacks.class, RedisServer.start(), 2,
				"hawser.push.key=moving-moving-moving-moving-moving-moving", "hawser.hubs.default.webhooks[0].url=" + backend.url());
				MovingPeer peer = MovingPeer.connect(cluster.node(0), "")) {
			backend.event("connect");
			backend.event("connected");
			say(peer, "one", "2");
			for (int i = 1; i <= 4; i++) {
				peer.comeBack(cluster.node(i % 2));
				say(peer, "more", Integer.toString(2 + i));
			}
			assertThat(backend.untaken()).isZero();
			await().until(() -> records(cluster) == 1);
			cluster.node(1).close();
			peer.comeBack(cluster.node(0));
			say(peer, "last", "7");
			peer.raw().send(RawFrame.close(4001, "bye"));
			Call end = backend.event("disconnected");
			assertThat(end.header("ce-connectionId")).isEqualTo(peer.id);
			assertThat(end.header("ce-id")).isEqualTo("8");
			assertThat(end.text()).contains("4001");
			await().until(() -> records(cluster) == 0);
			assertThat(backend.untaken()).isZero();
			assertThat(now(cluster.clients(0).exists(Target.connection(peer.id)))).isFalse();
		}
	}

	private void say(MovingPeer peer, String event, String number) throws Exception {
		peer.send("{'type':'event','event':'" + event + "','data':'x','dataType':'text','ackId':" + number + "}");
		assertThat(peer.text()).isEqualTo("{'type':'ack','ackId':" + number + ",'success':true}");
		Call call = backend.event();
		assertThat(call.event()).isEqualTo(event);
		assertThat(call.header("ce-id")).isEqualTo(number);
		assertThat(call.header("ce-connectionId")).isEqualTo(peer.id);
		assertThat(call.header("ce-connectionState")).isEqualTo("eyJhIjoxfQ==");
	}

	private static long records(RunningCluster cluster) throws Exception {
		long records = 0;
		for (String key : cluster.redis.cli("KEYS", "hawser:c:*").lines().filter(line -> !line.isBlank()).toList()) {
			records += cluster.redis.cli("HKEYS", key).lines().filter(field -> field.contains("_")).count();
		}
		return records;
	}
}
