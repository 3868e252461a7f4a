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
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RedisCluster;
import dev.hawser.testing.RedisSentinels;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Messages cross nodes while a Redis Cluster moves slots, and while sentinels fail over. */
class TopologyTests {
	private static final String RELIABLE = "json.reliable.webpubsub.azure.v1";

	private static RunningHawser node(String name, String[] redis) {
		List<String> properties = new ArrayList<>(List.of(redis));
		properties.add("hawser.node=" + name);
		return RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new));
	}

	private static void awaitEachOther(RunningHawser a, RunningHawser b) {
		await().until(() -> a.bean(Nodes.class).isLive(b.bean(Nodes.class).self()) && b.bean(Nodes.class).isLive(a.bean(Nodes.class).self())
				&& a.bean(Cluster.class).clusterNodes().mayPassOn() && b.bean(Cluster.class).clusterNodes().mayPassOn());
	}

	/** Sends numbers, one after the other, until it is told to end. */
	private static final class Sender {
		private final Clients clients;
		private final AtomicBoolean over = new AtomicBoolean();
		/** What became of each number. */
		final List<Delivery> results = new CopyOnWriteArrayList<>();
		private final Thread thread = Thread.ofVirtual().unstarted(this::run);

		Sender(RunningHawser node) {
			clients = node.bean(Clients.class);
		}

		Sender start() {
			thread.start();
			return this;
		}

		private void run() {
			for (int i = 0; !over.get(); i++) {
				Target target = i % 2 == 0 ? Target.user("default", "ann") : Target.hub("default");
				try {
					results.add(now(clients.send(target, Frame.text(Integer.toString(i)))));
				}
				catch (Exception e) {
					throw new IllegalStateException(e);
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
			}
		}

		void end() throws InterruptedException {
			over.set(true);
			thread.join();
		}
	}

	/** What a client gets until the text {@code end}. */
	private static List<Integer> numbers(RawClient client) throws Exception {
		List<Integer> numbers = new ArrayList<>();
		for (String text = client.message().text(); !text.equals("end"); text = client.message().text()) {
			numbers.add(Integer.parseInt(text));
		}
		return numbers;
	}

	private static void sendEnd(RunningHawser node) {
		await().until(() -> now(node.bean(Clients.class).send(Target.user("default", "ann"), Frame.text("end"))),
				new Delivery.HandedOver(0, 1)::equals);
	}

	@Test
	void keepsOrderAndLosesNothingWhileSlotsMove() throws Exception {
		try (RedisCluster redis = RedisCluster.start();
				RunningHawser a = node("a", redis.properties());
				RunningHawser b = node("b", redis.properties());
				RawClient client = b.connect()) {
			awaitEachOther(a, b);
			await().until(() -> b.bean(WebSocketServer.class).bind(1, "ann") == BindResult.BOUND);
			await().until(() -> b.bean(Cluster.class).registrations().waiting() == 0);
			Sender sender = new Sender(a).start();
			for (int i = 0; i < 2; i++) {
				redis.move("hawser:in:{" + b.bean(Nodes.class).self() + "}");
				redis.move("hawser:u:{default/ann}");
				redis.move("hawser:nodes:{nodes}");
			}
			sender.end();
			sendEnd(a);
			List<Integer> got = numbers(client);
			assertThat(got).isSorted().doesNotHaveDuplicates();
			for (int i = 0; i < sender.results.size(); i++) {
				if (sender.results.get(i) instanceof Delivery.HandedOver) {
					assertThat(got).as("what was handed over").contains(i);
				}
			}
			assertThat(sender.results.stream().filter(Delivery.HandedOver.class::isInstance).count()).isGreaterThan(100);
			assertThat(b.bean(MeterRegistry.class).get(ClusterMeters.LOST).counter().count()).isZero();
			assertThat(a.bean(MeterRegistry.class).get(ClusterMeters.DATA_LOST).counter().count()).isZero();
		}
	}

	@Test
	void countsWhatAFailoverLosesAndTellsReliableClients() throws Exception {
		try (RedisSentinels redis = RedisSentinels.start();
				RunningHawser a = node("a", redis.properties());
				RunningHawser b = node("b", redis.properties());
				RawClient client = b.connect();
				RawClient reliable = RawClient.connect(b.port()).upgrade("/client/hubs/default", "Sec-WebSocket-Protocol: " + RELIABLE)) {
			awaitEachOther(a, b);
			await().until(() -> b.bean(WebSocketServer.class).bind(1, "ann") == BindResult.BOUND);
			await().until(() -> b.bean(Cluster.class).registrations().waiting() == 0);
			Sender sender = new Sender(a).start();
			await().until(() -> client.message().text(), "20"::equals);
			redis.copy().pause();
			redis.primary().cli("CLIENT", "KILL", "TYPE", "replica"); // so that the copy does not get what follows
			redis.primary().cli("ACL", "SETUSER", "default", "-xread"); // nor does the other node
			redis.primary().cli("CLIENT", "KILL", "TYPE", "normal");
			int before = sender.results.size();
			await().until(() -> sender.results.subList(before, sender.results.size()).stream()
					.filter(Delivery.HandedOver.class::isInstance).count() > 20);
			redis.primary().kill();
			redis.copy().goOn();
			redis.awaitFailover();
			awaitEachOther(a, b);
			sender.end();
			sendEnd(a);
			assertThat(numbers(client)).isSorted().doesNotHaveDuplicates();
			assertThat(b.bean(MeterRegistry.class).get(ClusterMeters.LOST).counter().count()).isPositive();
			ReceivedFrame frame = reliable.frame();
			while (frame.opcode() != 8) {
				frame = reliable.frame();
			}
			assertThat(frame.closeCode()).isEqualTo(1008);
			assertThat(b.bean(WebSocketServer.class).connectionInfo(1)).as("the connection stays").isPresent();
		}
	}
}
