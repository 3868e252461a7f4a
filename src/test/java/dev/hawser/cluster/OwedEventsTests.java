package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.FakeBackend.Call;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What backends hear of connections whose node is buried, or leaves, in a cluster of two. */
class OwedEventsTests {
	private static final String TABLE = "hawser:nodes:{nodes}";

	private final FakeBackend backend = FakeBackend.start();
	private final List<RunningHawser> nodes = new ArrayList<>();
	private RedisServer redis;

	@BeforeEach
	void start() throws Exception {
		redis = RedisServer.start();
	}

	@AfterEach
	void stop() throws Exception {
		nodes.forEach(RunningHawser::close);
		redis.close();
		backend.close();
	}

	private RunningHawser node(String name) {
		List<String> properties = new ArrayList<>(List.of(redis.properties()));
		properties.addAll(List.of("hawser.node=" + name, "hawser.hubs.default.webhooks[0].url=" + backend.url(),
				"hawser.hubs.default.webhooks[0].retries=0"));
		RunningHawser node = RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new));
		nodes.add(node);
		await().until(() -> redis.cli("HKEYS", TABLE), keys -> keys.contains(self(node)));
		return node;
	}

	private static String self(RunningHawser node) {
		return node.bean(Nodes.class).self();
	}

	private String records(String node) throws Exception {
		return redis.cli("HKEYS", "hawser:c:{" + node + '}');
	}

	@Test
	void hasARecordInRedisBeforeTheClientHasItsConnection() throws Exception {
		RunningHawser a = node("a");
		try (RawClient _ = a.connect()) {
			String unique = Objects.requireNonNull(backend.event("connect").header("webhook-id")).replaceAll("^msg_|_0$", "");
			assertThat(records(self(a))).contains(unique);
		}
		backend.event("disconnected");
		await().until(() -> records(self(a)), keys -> !keys.contains("_"));
	}

	@Test
	void letsASurvivorTellOfTheConnectionsOfABuriedNodeAndTheNodeItselfSayNothing() throws Exception {
		RunningHawser a = node("a");
		RunningHawser b = node("b");
		String before = self(a);
		try (RawClient client = a.connect()) {
			String id = Objects.requireNonNull(backend.event("connected").header("ce-connectionId"));
			redis.cli("HSET", TABLE, before, "dead|" + self(b) + "|2031-05-04T03:02:01Z");
			assertThat(client.frame().closeCode()).isEqualTo(1012);
			Call lost = backend.event("disconnected");
			assertThat(lost.header("ce-connectionId")).isEqualTo(id);
			assertThat(lost.text()).contains("\"reason\":\"node lost\"");
		}
		await().until(() -> records(before), keys -> !keys.contains("_"));
		try (RawClient client = a.connect()) {
			client.send(RawFrame.text("hi"));
			assertThat(backend.event().event()).isEqualTo("connect");
			assertThat(backend.event("connected").header("ce-connectionId")).startsWith(self(a));
		}
		backend.event("disconnected");
		assertThat(backend.untaken()).as("nobody else has said anything").isZero();
	}

	/** The first attempt was of the node that has left; the survivor repeats it. */
	@Test
	void deliversWithTheSameIdWhatANodeThatHasLeftCouldNotDeliver() throws Exception {
		RunningHawser a = node("a");
		node("b");
		backend.answer("disconnected", FakeBackend.status(503));
		a.connect().close();
		Call first = backend.event("disconnected");
		a.close();
		nodes.remove(a);
		backend.answer("disconnected", FakeBackend.status(204));
		Call again = backend.event("disconnected");
		while (again.uri().equals(first.uri()) && backend.untaken() > 0) {
			again = backend.event("disconnected");
		}
		assertThat(again.header("webhook-id")).isEqualTo(first.header("webhook-id"));
		assertThat(again.text()).isEqualTo(first.text());
		await().until(() -> redis.cli("SMEMBERS", "hawser:owed:{nodes}"), String::isEmpty);
	}
}
