package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.operations.console.KnownNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.web.socket.CloseStatus;

/** Every method of {@link Clients} on one node, for connections of another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryVerbTests {
	private final List<Peer> peers = new ArrayList<>();
	private RunningCluster cluster;
	private Clients clients;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(3);
		clients = cluster.clients(0);
	}

	@AfterAll
	void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@AfterEach
	void leave() throws Exception {
		for (Peer peer : peers) {
			peer.client().close();
		}
		await().until(() -> now(clients.count(Target.hub("default"))) + now(clients.count(Target.hub("chat"))) == 0);
		cluster.settled();
	}

	private Peer connect(int node, String path, @Nullable String user) throws Exception {
		Peer peer = cluster.connect(node, path, user);
		peers.add(peer);
		return peer;
	}

	@Test
	void showsTheNodesInTheConsole() {
		assertThat(cluster.node(0).bean(KnownNodes.class).all()).extracting(KnownNodes.Node::name)
				.containsExactlyInAnyOrderElementsOf(cluster.nodes(1).live());
	}

	@Test
	void sendsToAConnectionOfAnotherNode() throws Exception {
		Peer peer = connect(1, "/ws", null);
		assertThat(now(clients.send(Target.connection(peer.id()), Frame.text("hello")))).isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(peer.client().message().text()).isEqualTo("hello");
		assertThat(now(clients.send(Target.connection("default", peer.id()), Frame.binary(new byte[] { 1 }), Duration.ofSeconds(9))))
				.isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(peer.client().message().payload()).containsExactly(1);
	}

	@Test
	void sendsNothingToAConnectionOfANodeThatIsNotThere() throws Exception {
		assertThat(now(clients.send(Target.connection("n7-abcdef-1"), Frame.text("hello")))).isEqualTo(Delivery.NOBODY);
		assertThat(now(clients.send(Target.connection("no node at all"), Frame.text("hello")))).isEqualTo(Delivery.NOBODY);
		assertThat(now(clients.exists(Target.connection(cluster.nodes(1).self() + "-999999")))).isFalse();
	}

	@Test
	void sendsToAUserOnlyWhereTheUserIs() throws Exception {
		Peer one = connect(1, "/ws", "ann");
		Peer chat = connect(2, "/chat", "ann");
		Peer here = connect(0, "/ws", "ann");
		assertThat(now(clients.send(Target.user("default", "ann"), Frame.text("a")))).isEqualTo(new Delivery.HandedOver(1, 1));
		assertThat(now(clients.send(Target.user("ann"), Frame.text("b")))).isEqualTo(new Delivery.HandedOver(1, 2));
		assertThat(one.client().message().text() + one.client().message().text()).isEqualTo("ab");
		assertThat(here.client().message().text() + here.client().message().text()).isEqualTo("ab");
		assertThat(chat.client().message().text()).isEqualTo("b");
		assertThat(now(clients.send(Target.user("bob"), Frame.text("c")))).isEqualTo(Delivery.NOBODY);
		assertThat(now(clients.count(Target.user("ann")))).isEqualTo(3);
		assertThat(now(clients.exists(Target.user("chat", "ann")))).isTrue();
		assertThat(now(clients.exists(Target.user("chat", "bob")))).isFalse();
	}

	@Test
	void joinsAGroupSendsToItAndLeavesIt() throws Exception {
		Peer one = connect(1, "/ws", null);
		Peer two = connect(2, "/ws", null);
		for (Peer peer : List.of(one, two)) {
			assertThat(now(clients.join(Target.connection(peer.id()), Set.of("g", "h")))).isEqualTo(new Delivery.Delivered(1));
		}
		cluster.settled();
		Target.Group group = Target.group("default", "g");
		for (int i = 0; i < 500; i++) {
			now(clients.send(group.except(two.id()), Frame.text("to one " + i)));
		}
		assertThat(now(clients.send(group, Frame.json("{\"a\":1}").withMetadata(Map.of("k", "v")))))
				.isEqualTo(new Delivery.HandedOver(0, 2));
		for (int i = 0; i < 500; i++) {
			assertThat(one.client().message().text()).isEqualTo("to one " + i);
		}
		assertThat(one.client().message().text()).isEqualTo("{\"a\":1}");
		assertThat(two.client().message().text()).isEqualTo("{\"a\":1}");
		assertThat(now(clients.count(group))).isEqualTo(2);
		assertThat(now(clients.count(group.matching("connectionId eq '" + one.id() + "'")))).isEqualTo(1);
		assertThat(now(clients.leave(Target.connection(one.id()), "g"))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.leaveAll(Target.hub("default")))).isEqualTo(new Delivery.Delivered(2));
		cluster.settled();
		assertThat(now(clients.exists(group))).isFalse();
		assertThat(now(clients.send(group, Frame.text("to none")))).isEqualTo(Delivery.NOBODY);
	}

	@Test
	void keepsTheOrderOfWhatIsSentWithoutWaiting() throws Exception {
		Peer peer = connect(1, "/ws", "carl");
		for (int i = 0; i < 3_000; i++) {
			var _ = clients.send(i % 2 == 0 ? Target.user("carl") : Target.hub("default"), Frame.text(Integer.toString(i)));
		}
		for (int i = 0; i < 3_000; i++) {
			assertThat(peer.client().message().text()).isEqualTo(Integer.toString(i));
		}
	}

	@Test
	void closesAndRevokes() throws Exception {
		Peer closed = connect(1, "/ws", null);
		assertThat(now(clients.close(Target.connection(closed.id()), new CloseStatus(4001, "bye")))).isEqualTo(new Delivery.Delivered(1));
		assertThat(closed.client().frame().closeCode()).isEqualTo(4001);
		Peer revoked = connect(2, "/ws", "dora");
		assertThat(now(clients.revoke(Target.user("dora")))).isEqualTo(1);
		assertThat(revoked.client().frame().closeCode()).isEqualTo(4403);
		assertThat(now(clients.revokeToken("no token"))).isZero();
	}

	@Test
	void pings() throws Exception {
		Peer peer = connect(1, "/ws", null);
		assertThat(now(clients.ping(Target.connection(peer.id())))).isEqualTo(new Delivery.HandedOver(0, 1));
		assertThat(peer.client().frame().opcode()).isEqualTo(9);
	}

	@Test
	void givesAndTakesPermissions() throws Exception {
		Peer peer = connect(1, "/ws", null);
		Target.Connection target = Target.connection(peer.id());
		Permission permission = Permission.sendToGroup("g");
		assertThat(now(clients.isPermitted(target, permission))).isFalse();
		assertThat(now(clients.permit(target, permission))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.isPermitted(target, permission))).isTrue();
		assertThat(now(clients.forbid(target, permission))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.isPermitted(target, permission))).isFalse();
		assertThat(now(clients.renew(target, new Renewal("eve", null, null)))).isEqualTo(Renewal.Result.OTHER_SUBJECT);
		assertThat(now(clients.renew(Target.connection("n1-abcdef-1"), new Renewal("eve", null, null))))
				.isEqualTo(Renewal.Result.NOT_FOUND);
	}

	@Test
	void findsAndListsInPages() throws Exception {
		List<String> all = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			all.add(connect(i % 3, "/chat", "user " + i).id());
		}
		ConnectionSnapshot found = now(clients.find(Target.connection(all.get(1)))).orElseThrow();
		assertThat(found.userId()).isEqualTo("user 1");
		assertThat(found.hub()).isEqualTo("chat");
		assertThat(found.remoteAddress()).isNotNull();
		for (int size : new int[] { 1, 2, 3, 7, 200 }) {
			List<String> listed = new ArrayList<>();
			String after = null;
			do {
				ConnectionPage page = now(clients.list(Target.hub("chat"), after, size));
				assertThat(page.connections()).hasSizeLessThanOrEqualTo(size);
				page.connections().forEach(one -> listed.add(one.connectionId()));
				after = page.next();
			}
			while (after != null);
			assertThat(listed).as("in pages of " + size).containsExactlyInAnyOrderElementsOf(all);
		}
		String elsewhere = connect(2, "/ws", null).id();
		assertThat(now(clients.count(Target.everyHub()))).isEqualTo(8);
		assertThat(now(clients.list(Target.everyHub(), null, 200)).connections()).extracting(ConnectionSnapshot::connectionId)
				.contains(elsewhere).containsAll(all).hasSize(8);
		assertThatThrownBy(() -> clients.list(Target.hub("chat"), "no page", 1)).isInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(() -> clients.list(Target.hub("chat"), "x@n1", 1)).isInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(() -> clients.count(Target.hub("chat").matching("bad bad"))).isInstanceOf(IllegalArgumentException.class);
	}
}
