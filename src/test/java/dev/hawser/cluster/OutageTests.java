package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.RawClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen when Redis goes away, comes back, and has lost what it held. */
class OutageTests {
	private static final Delivery AWAY = new Delivery.Unreached(1, Delivery.Unreached.Reason.AWAY);
	private static final Target.User ANN = Target.user("ann");
	private RunningCluster cluster;
	private Clients clients;
	private Peer here;
	private Peer there;

	@BeforeEach
	void start() throws Exception {
		cluster = RunningCluster.start(2);
		clients = cluster.clients(0);
		here = cluster.connect(0, "/ws", "ann");
		there = cluster.connect(1, "/ws", "ann");
		assertThat(now(clients.send(ANN, Frame.text("before")))).isEqualTo(new Delivery.HandedOver(1, 1));
		receive("before");
	}

	@AfterEach
	void stop() throws Exception {
		if (cluster != null) {
			cluster.redis.goOn();
			cluster.close();
		}
	}

	private void receive(String text) throws Exception {
		assertThat(here.client().message().text()).isEqualTo(text);
		assertThat(there.client().message().text()).isEqualTo(text);
	}

	private Delivery sendWhen(String text, Class<? extends Delivery> kind) {
		return await().until(() -> now(clients.send(Target.user("bob"), Frame.text(text))), kind::isInstance);
	}

	@Test
	void servesItsOwnClientsWhileRedisIsAwayAndHealsByItself() throws Exception {
		cluster.redis.kill();
		sendWhen("x", Delivery.Unreached.class);
		long begin = System.nanoTime();
		assertThat(now(clients.send(ANN, Frame.text("away")))).isEqualTo(AWAY);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("once it is known").isLessThan(Duration.ofMillis(500));
		assertThat(here.client().message().text()).isEqualTo("away");
		await().until(() -> !cluster.cluster(0).clusterNodes().isUp() && !cluster.cluster(1).clusterNodes().isUp());
		RawClient late = RawClient.connect(cluster.node(1).port()).upgrade("/ws");
		cluster.redis.startAgain(); // with nothing, since it keeps its data in memory
		cluster.awaitNodes(2);
		cluster.settled();
		await().until(() -> now(clients.count(ANN)) == 2 && now(clients.count(Target.hub("default"))) == 3);
		assertThat(now(clients.send(ANN, Frame.text("back")))).isEqualTo(new Delivery.HandedOver(1, 1));
		receive("back");
		late.close();
	}

	@Test
	void saysWithinTwoSecondsThatItDoesNotKnowAndDoublesNothing() throws Exception {
		cluster.redis.pause();
		List<CompletionStage<Delivery>> sent = new ArrayList<>();
		long begin = System.nanoTime();
		for (int i = 0; i < 5; i++) {
			sent.add(clients.send(Target.connection(there.id()), Frame.text("paused " + i)));
		}
		List<Delivery> known = new ArrayList<>();
		for (CompletionStage<Delivery> one : sent) {
			known.add(now(one));
		}
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
		assertThat(known).allMatch(one -> one instanceof Delivery.Unknown || one instanceof Delivery.Unreached);
		assertThat(known).anyMatch(Delivery.Unknown.class::isInstance);
		cluster.redis.goOn();
		await().until(() -> now(clients.send(Target.connection(there.id()), Frame.text("the last"))) instanceof Delivery.HandedOver);
		List<String> got = new ArrayList<>();
		String next;
		do {
			next = there.client().message().text();
			got.add(next);
		}
		while (!next.equals("the last"));
		assertThat(got).doesNotHaveDuplicates().isSorted().isSubsetOf("paused 0", "paused 1", "paused 2", "paused 3", "paused 4",
				"the last");
		assertThat(lost(1)).isZero();
	}

	private double lost(int node) {
		return cluster.node(node).bean(MeterRegistry.class).get(ClusterMeters.LOST).counter().count();
	}

	@Test
	void registersEverythingAgainWhenRedisHasLostItsData() throws Exception {
		now(clients.join(Target.connection(there.id()), "g"));
		cluster.settled();
		cluster.redis.cli("FLUSHALL");
		await().until(() -> !cluster.redis.cli("KEYS", "hawser:g:*").isEmpty() && !cluster.redis.cli("KEYS", "hawser:u:*").isEmpty());
		cluster.awaitNodes(2);
		cluster.settled();
		assertThat(now(clients.send(Target.group("default", "g"), Frame.text("again")))).isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(there.client().message().text()).isEqualTo("again");
	}

	@Test
	void neverTakesWhatRedisHasLostForAGroupWithoutMembers() throws Exception {
		Target.Group group = Target.group("default", "g");
		now(clients.join(Target.connection(there.id()), "g"));
		cluster.settled();
		cluster.redis.cli("FLUSHALL");
		await().until(() -> now(clients.send(group, Frame.text("again"))), delivery -> {
			assertThat(delivery).isNotEqualTo(Delivery.NOBODY);
			return delivery instanceof Delivery.HandedOver;
		});
		assertThat(there.client().message().text()).isEqualTo("again");
	}

	@Test
	void findsItsInboxAgainWhenThatIsGoneOrBeginsAnew() throws Exception {
		String inbox = "hawser:in:{" + cluster.nodes(1).self() + "}";
		cluster.redis.cli("DEL", inbox);
		assertThat(now(clients.send(Target.connection(there.id()), Frame.text("one")))).isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(there.client().message().text()).isEqualTo("one");
		cluster.redis.cli("DEL", inbox);
		cluster.redis.cli("SET", inbox, "not a stream");
		await().until(() -> now(clients.send(Target.connection(there.id()), Frame.text("refused"))) instanceof Delivery.Unreached);
		cluster.redis.cli("DEL", inbox);
		await().until(() -> now(clients.send(Target.connection(there.id()), Frame.text("two"))) instanceof Delivery.HandedOver);
		assertThat(there.client().message().text()).isEqualTo("two");
	}

	@Test
	void leavesOutWhatItCannotReadAndGoesOn() throws Exception {
		String inbox = "hawser:in:{" + cluster.nodes(1).self() + "}";
		cluster.redis.cli("XADD", inbox, "*", "hello", "world");
		cluster.redis.cli("XADD", inbox, "*", "d", "garbage");
		cluster.redis.cli("XADD", inbox, "*", "d", "HW\t");
		cluster.redis.cli("XADD", inbox, "*", "d", "");
		assertThat(now(clients.send(Target.connection(there.id()), Frame.text("after")))).isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(there.client().message().text()).isEqualTo("after");
		MeterRegistry meters = cluster.node(1).bean(MeterRegistry.class);
		assertThat(meters.get(ClusterMeters.SKIPPED).tag("why", "foreign").counter().count()).isEqualTo(1);
		assertThat(meters.get(ClusterMeters.SKIPPED).tag("why", "unreadable").counter().count()).isEqualTo(3);
	}
}
