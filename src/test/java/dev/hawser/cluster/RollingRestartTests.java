package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.testing.CuttingProxy;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The unmodified JavaScript client of Azure Web PubSub, while each node is replaced by another. */
class RollingRestartTests {
	private static final Path SOURCE = Path.of("src/test/node/azure");
	private static final Path INSTALLED = Path.of("target/node-azure");
	private static final Duration PATIENCE = Duration.ofMinutes(1);
	private static final String[] PROPERTIES = { "hawser.push.key=rolling-rolling-rolling-rolling-rolling-rolling",
			"hawser.drain.timeout=30s" };

	private int sent;

	private static List<String> lines(Program client, String word) {
		return client.output().lines().filter(line -> line.startsWith(word + ' ')).map(line -> line.substring(word.length() + 1)).toList();
	}

	private void send(RunningHawser from) throws Exception {
		for (int i = 0; i < 20; i++) {
			assertThat(now(from.bean(Clients.class).send(Target.group("default", "in"), Frame.text(Integer.toString(++sent)))))
					.isInstanceOfAny(Delivery.Delivered.class, Delivery.HandedOver.class);
		}
	}

	/** Stops a node, while another one sends. */
	private void replace(RunningHawser old, RunningHawser other, CuttingProxy proxy) throws Exception {
		send(other);
		proxy.to(other.port());
		Thread stopping = Thread.ofVirtual().start(old::close);
		while (!stopping.join(Duration.ofMillis(20))) {
			send(other);
		}
		send(other);
	}

	@Test
	void losesNothing() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "Node.js is not installed (programs node and npm): its client is not tried");
		NodePackages.install(SOURCE, INSTALLED);
		try (RunningCluster cluster = RunningCluster.start(MovingConnectionTests.Callbacks.class, RedisServer.start(), 2, PROPERTIES);
				CuttingProxy proxy = new CuttingProxy(cluster.node(0).port());
				Program client = Program.start(INSTALLED, Map.of(), "node", "reliable.mjs", "ws://127.0.0.1:" + proxy.port()
						+ "/client/hubs/default?user=ann&role=webpubsub.joinLeaveGroup", "0")) {
			client.line("joined");
			cluster.settled();
			replace(cluster.node(0), cluster.node(1), proxy);
			await().atMost(PATIENCE).until(() -> lines(client, "got").size() == sent);
			RunningHawser third = cluster.startOne("n2", PROPERTIES);
			await().atMost(PATIENCE).until(() -> cluster.nodes(1).live().size() == 2 && cluster.nodes(2).live().size() == 2);
			replace(cluster.node(1), third, proxy);
			await().atMost(PATIENCE).until(() -> lines(client, "got").size() == sent);
			assertThat(lines(client, "got")).isEqualTo(IntStream.rangeClosed(1, sent).mapToObj(Integer::toString).toList());
			assertThat(lines(client, "connected")).hasSize(1);
			assertThat(lines(client, "disconnected")).isEmpty();
			assertThat(now(third.bean(Clients.class).count(Target.user("ann")))).isEqualTo(1);
		}
	}
}
