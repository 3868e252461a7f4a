package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Delivery;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.Test;

/** A client that repeats a request before the other nodes have it. */
class RepeatedRequestTests {
	private static final int MANY = 100;

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
}
