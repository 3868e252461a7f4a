package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.connection.Connections;
import dev.hawser.push.Operation;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that come again, before the other nodes have them, or when their targets are elsewhere. */
class RepeatedRequestTests {
	private static final int MANY = 100;
	private static final String KEY = "hawser.push.key=repeated-repeated-repeated-repeated-repeated";

	@Test
	void isCarriedOutOnceWhileItIsUnderWay() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(2);
				RawClient client = RawClient.connect(cluster.node(1).port()).upgrade(
						"/client/hubs/default?access_token=" + RunningHawser.token(), "Sec-WebSocket-Protocol: json.webpubsub.azure.v1")) {
			Peer member = cluster.connect(0, "/ws", null);
			assertThat(now(cluster.clients(0).join(Target.connection(member.id()), "room"))).isEqualTo(new Delivery.Delivered(1));
			assertThat(client.message().text()).contains("connected");
			assertThat(now(cluster.clients(0).permit(Target.user("developer"), Permission.sendToGroups())))
					.isEqualTo(new Delivery.Delivered(1));
			for (int i = 1; i <= MANY; i++) {
				RawFrame request = RawFrame.text(
						"{\"type\":\"sendToGroup\",\"group\":\"room\",\"dataType\":\"text\",\"data\":\"" + i + "\",\"ackId\":" + i + "}");
				client.send(request, request);
				assertThat(member.client().message().text()).as("each once").isEqualTo(Integer.toString(i));
				assertThat(client.message().text()).contains("\"success\":true");
				client.send(RawFrame.text("{\"type\":\"ping\"}"));
				String next = client.message().text();
				assertThat(next.contains("Duplicate") ? client.message().text() : next).contains("pong");
			}
			member.client().close();
		}
	}

	private static Delivery sendAs(String operation, Clients clients, String text) throws Exception {
		return ScopedValue.where(Operation.CURRENT, new Operation(operation)).call(
				() -> now(clients.send(Target.group("default", "room"), Frame.text(text))));
	}

	/** One member is on the node that could not pass the message on, and has it. The other one comes there later, and lacks it. */
	@Test
	void reachesAConnectionThatHasMovedMeanwhile() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(RedisServer.start("user other on nopass ~* &* +@all"), 1, KEY)) {
			cluster.startOne("n1", KEY, "spring.data.redis.username=other", "spring.data.redis.password=any");
			cluster.awaitNodes(2);
			Peer near = cluster.connect(1, "/ws", null);
			MovingPeer far = MovingPeer.connect(cluster.node(0), "access_token=" + RunningHawser.token());
			for (String id : List.of(near.id(), far.id)) {
				assertThat(now(cluster.clients(0).join(Target.connection(id), "room"))).isEqualTo(new Delivery.Delivered(1));
			}
			cluster.redis.cli("ACL", "SETUSER", "other", "-evalsha", "-eval");
			assertThat(sendAs("first", cluster.clients(1), "once")).isInstanceOf(Delivery.Unreached.class);
			cluster.redis.cli("ACL", "SETUSER", "other", "+evalsha", "+eval");
			far.comeBack(cluster.node(1));
			await().until(() -> now(cluster.clients(0).send(Target.connection(far.id), Frame.text("here"))),
					delivery -> !(delivery instanceof Delivery.Unreached));
			assertThat(far.numbered()).isEqualTo("1:here");
			await().until(() -> cluster.node(0).bean(Connections.class).find(far.id) == null);
			for (int repetition = 0; repetition < 3; repetition++) {
				Delivery _ = sendAs("first", cluster.clients(repetition % 2), "once");
			}
			assertThat(sendAs("last", cluster.clients(0), "end")).isInstanceOf(Delivery.HandedOver.class);
			assertThat(far.numbered()).isEqualTo("2:once");
			assertThat(far.numbered()).isEqualTo("3:end");
			assertThat(near.client().message().text()).isEqualTo("once");
			assertThat(near.client().message().text()).isEqualTo("end");
			far.close();
			near.client().close();
		}
	}
}
