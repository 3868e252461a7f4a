package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whoever has been told of a new member, or has become one, finds that all nodes know of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JoinedTests {
	private static final int MANY = 300;
	private RunningCluster cluster;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(3);
	}

	@AfterAll
	void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private Delivery send(int node, String group, String text) throws Exception {
		return now(cluster.clients(node).send(Target.group("default", group), Frame.text(text)));
	}

	@Test
	void sendsFromEachNodeToAGroupThatHasJustBeenJoined() throws Exception {
		Peer peer = cluster.connect(1, "/ws", null);
		for (int i = 0; i < MANY; i++) {
			assertThat(now(cluster.clients(i % 3).join(Target.connection(peer.id()), "group" + i))).isEqualTo(new Delivery.Delivered(1));
			assertThat(send(2 * (i % 2), "group" + i, "text" + i)).isEqualTo(new Delivery.HandedOver(0, 1));
			assertThat(peer.client().message().text()).isEqualTo("text" + i);
		}
		peer.client().close();
	}

	@Test
	void sendsFromEachNodeToAClientThatHasGotTheAckOfItsJoin() throws Exception {
		String token = RunningHawser.token();
		try (RawClient client = RawClient.connect(cluster.node(1).port()).upgrade("/client/hubs/default?access_token=" + token,
				"Sec-WebSocket-Protocol: json.webpubsub.azure.v1")) {
			assertThat(client.message().text()).contains("connected");
			assertThat(now(cluster.clients(0).permit(Target.user("developer"), Permission.joinLeaveGroups())))
					.isEqualTo(new Delivery.Delivered(1));
			for (int i = 0; i < MANY; i++) {
				client.send(RawFrame.text("{\"type\":\"joinGroup\",\"group\":\"j" + i + "\",\"ackId\":" + (i + 1) + "}"));
				assertThat(client.message().text()).contains("\"success\":true");
				assertThat(send(0, "j" + i, "text" + i)).isEqualTo(new Delivery.HandedOver(0, 1));
				assertThat(client.message().text()).contains("text" + i);
			}
		}
	}

	@Test
	void knowsOfAUserWhenItsClientHasHeardFromTheServer() throws Exception {
		Target.User developer = Target.user("default", "developer");
		for (int i = 0; i < MANY / 3; i++) {
			await().until(() -> now(cluster.clients(2).send(developer, Frame.text("nobody"))) instanceof Delivery.Nobody);
			try (RawClient client = RawClient.connect(cluster.node(1).port()).upgrade("/ws?access_token=" + RunningHawser.token())) {
				client.send(RawFrame.text("echo"));
				assertThat(client.message().text()).isEqualTo("echo");
				assertThat(now(cluster.clients(2).send(developer, Frame.text("hello")))).isEqualTo(new Delivery.HandedOver(0, 1));
				assertThat(client.message().text()).isEqualTo("hello");
			}
		}
	}

	@Test
	void doesNotWaitForARedisThatIsSilent() throws Exception {
		Peer peer = cluster.connect(1, "/ws", null);
		cluster.redis.pause();
		try {
			long begin = System.nanoTime();
			assertThat(now(cluster.clients(1).join(Target.connection(peer.id()), "silent"))).isEqualTo(new Delivery.Delivered(1));
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
			await().until(() -> !cluster.cluster(1).clusterNodes().mayPassOn());
			begin = System.nanoTime();
			assertThat(now(cluster.clients(1).join(Target.connection(peer.id()), "away"))).isEqualTo(new Delivery.Delivered(1));
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(900));
		}
		finally {
			cluster.redis.goOn();
		}
		cluster.awaitNodes(3);
		cluster.settled();
		assertThat(send(0, "silent", "x")).isEqualTo(new Delivery.HandedOver(0, 1));
		peer.client().close();
	}
}
