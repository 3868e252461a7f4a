package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.ConsoleClient;
import dev.hawser.testing.RawFrame;
import org.junit.jupiter.api.Test;

/** What an operator sees on the page of one node of a connection that is on another. */
class WatchedElsewhereTests {
	private static final String KEY = "an-operators-key-of-32-bytes-or-more";
	private static final String WATCHING = ":watching";

	@Test
	void showsTheEventsOfAConnectionOfAnotherNode() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(3, "hawser.operations.key=" + KEY)) {
			Peer peer = cluster.connect(1, "/ws", "ann");
			Peer other = cluster.connect(1, "/ws", "bob");
			ConsoleClient operator = ConsoleClient.signIn(cluster.node(0), KEY);
			assertThat(operator.look("connection?id=" + peer.id()).body()).contains("\"node\":\"" + cluster.nodes(1).self() + "\"");
			assertThat(operator.at(cluster.node(2)).look("connections?hub=default").body()).as("the cookie holds on every node")
					.contains(peer.id(), "\"count\":2");
			try (ConsoleClient.Events events = operator.events("?connection=" + peer.id());
					ConsoleClient.Events again = operator.at(cluster.node(2)).events("?connection=" + peer.id())) {
				events.until(WATCHING);
				again.until(WATCHING);
				peer.client().send(RawFrame.ping());
				events.until("\"detail\":\"ping\"");
				other.client().send(RawFrame.text("nobody looks at this"));
				operator.act("send", "{\"id\":\"" + peer.id() + "\",\"text\":\"from an operator\"}");
				events.until("\"kind\":\"sent\",\"hub\":\"default\",\"connection\":\"" + peer.id()
						+ "\",\"user\":\"ann\",\"detail\":\"text\",\"bytes\":16");
				operator.act("close", "{\"id\":\"" + peer.id() + "\",\"code\":4000,\"reason\":\"by hand\"}");
				assertThat(events.until("4000 by the server: by hand")).doesNotContain("trouble", other.id(), "payload");
				assertThat(again.until("4000 by the server: by hand")).doesNotContain("trouble");
			}
		}
	}

	@Test
	void saysThatTheNodeOfAConnectionIsSilent() throws Exception {
		try (RunningCluster cluster = RunningCluster.start(2, "hawser.operations.key=" + KEY)) {
			Peer peer = cluster.connect(1, "/ws", "ann");
			try (ConsoleClient.Events events = ConsoleClient.signIn(cluster.node(0), KEY).events("?connection=" + peer.id())) {
				events.until(WATCHING);
				cluster.redis.pause();
				events.until("event: trouble\ndata: begins");
				cluster.redis.goOn();
				events.until("event: trouble\ndata: is over");
			}
		}
	}
}
