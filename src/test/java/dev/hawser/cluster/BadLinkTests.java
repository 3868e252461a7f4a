package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.testing.HalfOpenProxy;
import dev.hawser.testing.RawClient;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose connections to Redis stay open and carry nothing in one direction, or everything late; Redis itself is well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadLinkTests {
	/** Promised are two seconds; the machine may be busy. */
	private static final Duration HEALED = Duration.ofSeconds(6);

	private RunningCluster cluster;
	private HalfOpenProxy proxy;
	private Peer there;
	private int messages;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(1);
		proxy = new HalfOpenProxy(cluster.redis.port());
		cluster.startOne("n1", "spring.data.redis.port=" + proxy.port());
		cluster.awaitNodes(2);
		there = cluster.connect(1, "/ws", "ann");
	}

	@AfterAll
	void stop() throws Exception {
		if (proxy != null) {
			proxy.heal();
			cluster.close();
			proxy.close();
		}
	}

	private Delivery send(Clients clients) throws Exception {
		return now(clients.send(Target.user("ann"), Frame.text("message " + messages++)));
	}

	/** What the other node sends arrives at the client; none arrives twice or out of order. */
	private void arrives() throws Exception {
		await().until(() -> send(cluster.clients(0)), new Delivery.HandedOver(0, 1)::equals);
		String last = "message " + (messages - 1);
		int before = -1;
		for (String text = ""; !text.equals(last);) {
			text = there.client().message().text();
			int number = Integer.parseInt(text.substring("message ".length()));
			assertThat(number).as("after " + before).isGreaterThan(before);
			before = number;
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void servesItsOwnClientsAndHealsWhenItsConnectionsAreHalfOpen(boolean requests) throws Exception {
		arrives();
		if (requests) {
			proxy.loseRequests();
		}
		else {
			proxy.loseAnswers();
		}
		await().until(() -> !cluster.cluster(1).clusterNodes().isUp());
		long begin = System.nanoTime();
		assertThat(now(cluster.clients(1).send(Target.user("default", "bob"), Frame.text("x"))))
				.isEqualTo(new Delivery.Unreached(0, Delivery.Unreached.Reason.AWAY));
		assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(500);
		try (RawClient _ = RawClient.connect(cluster.node(1).port()).upgrade("/ws")) {
			assertThat(send(cluster.clients(1))).isInstanceOf(Delivery.Unreached.class);
			String text = "message " + (messages - 1);
			await().until(() -> there.client().message().text(), text::equals);
			assertThat(cluster.cluster(0).clusterNodes().isUp()).as("the other node").isTrue();
		}
		String self = cluster.nodes(1).self();
		proxy.heal();
		long healing = System.nanoTime();
		await().until(() -> cluster.cluster(1).clusterNodes().mayPassOn());
		assertThat(Duration.ofNanos(System.nanoTime() - healing)).isLessThan(HEALED);
		assertThat(cluster.nodes(1).self()).as("not buried").isEqualTo(self);
		cluster.settled();
		arrives();
	}

	/** What it has written without getting an answer is written again, with the same number. */
	@Test
	void deliversOnceWhatItDoesNotKnowToHaveArrived() throws Exception {
		Target all = Target.hub("default");
		Peer here = cluster.connect(0, "/ws", null);
		arrives();
		proxy.loseAnswers();
		CompletionStage<Delivery> doubtful = cluster.clients(1).send(all, Frame.text("once"));
		assertThat(here.client().message().text()).isEqualTo("once");
		assertThat(now(doubtful)).isEqualTo(new Delivery.Unknown(1));
		await().until(() -> !cluster.cluster(1).clusterNodes().isUp());
		proxy.heal();
		await().until(() -> cluster.cluster(1).clusterNodes().mayPassOn());
		await().until(() -> now(cluster.clients(1).send(all, Frame.text("after"))), new Delivery.HandedOver(1, 1)::equals);
		assertThat(here.client().message().text()).as("not once more").isEqualTo("after");
		assertThat(there.client().message().text()).isEqualTo("once");
		assertThat(there.client().message().text()).isEqualTo("after");
		here.client().close();
		cluster.settled();
		arrives();
	}

	@Test
	void staysInTheClusterWhenEachAnswerIsLate() throws Exception {
		String self = cluster.nodes(1).self();
		proxy.delayAnswers(Duration.ofMillis(300));
		for (int i = 0; i < 5; i++) {
			arrives();
			assertThat(now(cluster.clients(1).count(Target.user("ann")))).isEqualTo(1);
		}
		proxy.heal();
		arrives();
		assertThat(cluster.nodes(1).self()).isEqualTo(self);
	}
}
