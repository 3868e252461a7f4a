package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Connections;
import dev.hawser.operations.Drain;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** What an application is told of a connection that moves: that it opens on each node, and that it closes once, where it ends. */
class MovingCallbacksTests {
	private static final String KEY = "hawser.push.key=moving-moving-moving-moving-moving-moving";
	private static final Duration PATIENCE = Duration.ofMinutes(1);
	private static final List<String> TOLD = new CopyOnWriteArrayList<>();

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
				ConnectionSnapshot opened = server.connectionInfo(request.fd()).orElseThrow();
				TOLD.add((request.isRecovered() ? "recovered" : "opened") + " on " + name(opened) + " with " + opened.groups()
						+ server.attributes(request.fd()).keySet());
				server.attributes(request.fd()).put("left", "here");
				server.join(request.fd(), "g");
			};
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.reply(frame, Frame.text(frame.text()));
		}

		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> TOLD
					.add("closed on " + name(server.connectionInfo(fd).orElseThrow()) + " with " + status.getCode() + " by " + initiator);
		}

		private static String name(ConnectionSnapshot connection) {
			return connection.node().substring(0, 2);
		}
	}

	@BeforeEach
	void forget() {
		TOLD.clear();
	}

	private static RunningCluster start() throws Exception {
		return RunningCluster.start(Callbacks.class, RedisServer.start(), 2, KEY);
	}

	private static void told(String... events) {
		await().atMost(PATIENCE).until(() -> TOLD.size() >= events.length);
		assertThat(TOLD).containsExactly(events);
	}

	private static void awaitGone(RunningCluster cluster, int node, MovingPeer peer) {
		await().atMost(PATIENCE).until(() -> cluster.node(node).bean(Connections.class).find(peer.id) == null);
	}

	@Test
	void opensOnEachNodeAndClosesOnce() throws Exception {
		try (RunningCluster cluster = start(); MovingPeer peer = MovingPeer.connect(cluster.node(0), "")) {
			told("opened on n0 with [][]");
			cluster.settled();
			peer.comeBack(cluster.node(1));
			awaitGone(cluster, 0, peer);
			told("opened on n0 with [][]", "recovered on n1 with [g][]");
			peer.comeBack(cluster.node(1)).send("{'type':'ping'}");
			assertThat(peer.text()).isEqualTo("{'type':'pong'}");
			peer.comeBack(cluster.node(0));
			awaitGone(cluster, 1, peer);
			told("opened on n0 with [][]", "recovered on n1 with [g][]", "recovered on n0 with [g][]");
			assertThat(cluster.node(1).bean(WebSocketServer.class).connections()).isEmpty();
			peer.send("{'type':'ping'}");
			assertThat(peer.text()).isEqualTo("{'type':'pong'}");
			peer.raw().send(RawFrame.close(4001, "bye"));
			awaitGone(cluster, 0, peer);
			told("opened on n0 with [][]", "recovered on n1 with [g][]", "recovered on n0 with [g][]", "closed on n0 with 4001 by CLIENT");
		}
		assertThat(TOLD).hasSize(4);
	}

	@Test
	void saysNothingOnANodeThatStopsAfterItsConnectionsHaveGoneOn() throws Exception {
		try (RunningCluster cluster = start(); MovingPeer peer = MovingPeer.connect(cluster.node(0), "")) {
			told("opened on n0 with [][]");
			cluster.settled();
			cluster.node(0).bean(Drain.class).begin();
			assertThat(peer.text()).isEqualTo("close 1012");
			Thread stopping = Thread.ofVirtual().start(cluster.node(0)::close);
			peer.comeBack(cluster.node(1)).send("{'type':'ping'}");
			assertThat(peer.text()).isEqualTo("{'type':'pong'}");
			assertThat(stopping.join(PATIENCE)).isTrue();
			told("opened on n0 with [][]", "recovered on n1 with [g][]");
		}
		told("opened on n0 with [][]", "recovered on n1 with [g][]", "closed on n1 with 1012 by SERVER");
	}
}
