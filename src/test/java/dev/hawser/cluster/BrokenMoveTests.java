package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.connection.Connections;
import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RedisServer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes away in the last moments of a move, when the connection has left one node and is not known to be on the other. */
class BrokenMoveTests {
	@AutoClose
	private final FakeBackend backend = FakeBackend.start();
	/** Ends the callback that keeps the connection from leaving its node. */
	private final CountDownLatch over = new CountDownLatch(1);
	private RunningCluster cluster;
	private MovingPeer peer;

	@BeforeEach
	void begin() throws Exception {
		RedisServer redis = RedisServer.start("user taker on nopass ~* &* +@all");
		String[] properties = { "hawser.push.key=broken-broken-broken-broken-broken-broken",
				"hawser.hubs.default.webhooks[0].url=" + backend.url() };
		cluster = RunningCluster.start(NoCallbacks.class, redis, 1, properties);
		cluster.startOne("n1", properties[0], properties[1], "spring.data.redis.username=taker", "spring.data.redis.password=any");
		cluster.awaitNodes(2);
		backend.answer("hold", FakeBackend.after(over, FakeBackend.status(204)));
		peer = MovingPeer.connect(cluster.node(0), "");
		peer.send("{'type':'event','event':'hold','data':'x','dataType':'text'}");
		backend.event("hold");
		peer.comeBack(cluster.node(1));
		await().until(() -> leaving().values().stream().anyMatch(one -> ((HandOver) one).leaving));
	}

	@AfterEach
	void end() throws Exception {
		peer.close();
		cluster.redis.goOn();
		cluster.close();
	}

	private static boolean isWaiting(HandOver leaving) {
		Shipment shipment = leaving.shipment;
		return shipment != null && shipment.isWaiting();
	}

	private Map<Object, Object> leaving() {
		return Assertions.assertThat(cluster.cluster(0).moves()).extracting("handOvers.open")
				.asInstanceOf(InstanceOfAssertFactories.MAP).actual();
	}

	private void isOnTheTaker() throws Exception {
		await().until(() -> cluster.node(1).bean(Connections.class).find(peer.id) != null);
		await().until(() -> leaving().isEmpty());
		await().until(() -> records() == 1);
		peer.send("{'type':'event','event':'after','data':'x','dataType':'text','ackId':1}");
		assertThat(peer.text()).isEqualTo("{'type':'ack','ackId':1,'success':true}");
		assertThat(backend.event().event()).isEqualTo("after");
		peer.raw().send(RawFrame.close(4001, "bye"));
		assertThat(backend.event().text()).contains("4001");
		assertThat(backend.untaken()).isZero();
		await().until(() -> records() == 0);
	}

	private long records() throws Exception {
		long records = 0;
		for (String key : cluster.redis.cli("KEYS", "hawser:c:*").lines().filter(line -> !line.isBlank()).toList()) {
			records += cluster.redis.cli("HKEYS", key).lines().filter(field -> field.contains("_")).count();
		}
		return records;
	}

	@Test
	void theOwnerHearsLaterThatTheOtherHasTheConnection() throws Exception {
		cluster.redis.cli("ACL", "SETUSER", "taker", "-evalsha", "-eval");
		over.countDown();
		await().until(() -> cluster.node(1).bean(Connections.class).find(peer.id) != null);
		await().until(() -> Assertions.assertThat(cluster.cluster(1).moves()).extracting("takeOvers.open")
				.asInstanceOf(InstanceOfAssertFactories.MAP).actual().isEmpty() && cluster.cluster(1).forwarder().size() == 0);
		cluster.redis.cli("ACL", "SETUSER", "taker", "+evalsha", "+eval");
		isOnTheTaker();
	}

	@Test
	void aConnectionWaitsUntilItsOwnerReachesTheOtherAgain() throws Exception {
		cluster.redis.cli("ACL", "SETUSER", "default", "-evalsha", "-eval");
		over.countDown();
		await().until(() -> leaving().values().stream().anyMatch(one -> isWaiting((HandOver) one)));
		cluster.redis.cli("ACL", "SETUSER", "default", "+evalsha", "+eval");
		isOnTheTaker();
	}

	@Test
	void aConnectionIsNotLostWhileItIsNotKnownWhetherItHasArrived() throws Exception {
		cluster.redis.pause();
		over.countDown();
		await().until(() -> leaving().values().stream().anyMatch(one -> ((HandOver) one).left));
		await().until(() -> cluster.cluster(0).forwarder().size() == 0); // nothing is waited for any more
		cluster.redis.goOn();
		isOnTheTaker();
	}
}
