package dev.hawser.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.Opcode;
import dev.hawser.push.filter.Filter;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/** Every method of Clients on every kind of target, on a node that has all connections, and what the clients then receive. */
class ClientsTests {
	private static final BlockingQueue<Long> OPENED = new LinkedBlockingQueue<>();
	private static RunningHawser running;
	private static Clients clients;
	private static WebSocketServer server;

	private final List<Peer> peers = new ArrayList<>();

	static class Callbacks {
		@Bean
		OnOpen onOpen() {
			return (_, request) -> OPENED.add(request.fd());
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				String said = frame.event() + " " + frame.dataType();
				if (frame.isText()) {
					server.reply(frame, said);
				}
				else {
					server.reply(frame, said.getBytes(StandardCharsets.US_ASCII));
				}
			};
		}
	}

	record Peer(RawClient client, long fd, String id) {
	}

	@BeforeAll
	static void start() {
		running = RunningHawser.start(Callbacks.class, "hawser.hubs.chat.path=/chat", "hawser.connection.close-timeout=10m",
				"hawser.connection.ping-interval=0");
		clients = running.bean(Clients.class);
		server = running.bean(WebSocketServer.class);
	}

	@AfterAll
	static void stop() {
		running.close();
	}

	@AfterEach
	void leaveNobody() throws Exception {
		for (Peer peer : peers) {
			peer.client().close();
		}
		await().until(() -> server.connections().count() == 0);
	}

	private Peer connect(String path, @Nullable String user) throws Exception {
		OPENED.clear();
		RawClient client = RawClient.connect(running.port()).upgrade(path);
		Long fd = OPENED.poll(60, TimeUnit.SECONDS);
		assertThat(fd).isNotNull();
		if (user != null) {
			server.bind(fd, user);
		}
		Peer peer = new Peer(client, fd, server.connectionInfo(fd).orElseThrow().connectionId());
		peers.add(peer);
		return peer;
	}

	/** The result of a call, which on one node is complete when the call returns. */
	private static <T> T now(CompletionStage<T> stage) {
		assertThat(stage.toCompletableFuture()).isCompleted();
		return stage.toCompletableFuture().join();
	}

	private static void expectText(Peer peer, String text) throws Exception {
		assertThat(peer.client().message().text()).isEqualTo(text);
	}

	/** Checks that the client received nothing before: the next message must be this one. */
	private static void expectNothing(Peer peer) throws Exception {
		server.push(peer.fd(), "nothing before this");
		expectText(peer, "nothing before this");
	}

	private static void expectClose(Peer peer, int code) throws Exception {
		ReceivedFrame close = peer.client().message();
		assertThat(close.closeCode()).isEqualTo(code);
	}

	@Test
	void repliesToTheSenderAndNamesTheEvent() throws Exception {
		Peer one = connect("/ws", null);
		assertThat(one.client().send(RawFrame.text("x")).message().text()).isEqualTo("message TEXT");
		assertThat(one.client().send(RawFrame.opcode(2).payload(new byte[1])).message().payload()).asString().isEqualTo("message BINARY");
	}

	@Test
	void sendsToOneConnection() throws Exception {
		Peer one = connect("/ws", null);
		Peer other = connect("/ws", null);
		assertThat(now(clients.send(Target.connection(one.id()), Frame.text("hello")))).isEqualTo(new Delivery.Delivered(1));
		expectText(one, "hello");
		expectNothing(other);
	}

	@Test
	void sendsToAUserAtOneHubOrAtAll() throws Exception {
		Peer phone = connect("/ws", "ann");
		Peer desk = connect("/chat", "ann");
		Peer bob = connect("/chat", "bob");
		assertThat(now(clients.send(Target.user("ann"), Frame.text("both")))).isEqualTo(new Delivery.Delivered(2));
		assertThat(now(clients.send(Target.user("chat", "ann"), Frame.text("desk")))).isEqualTo(new Delivery.Delivered(1));
		expectText(phone, "both");
		expectNothing(phone);
		expectText(desk, "both");
		expectText(desk, "desk");
		expectNothing(bob);
	}

	@Test
	void sendsToAHubExceptSomeConnections() throws Exception {
		Peer one = connect("/chat", null);
		Peer two = connect("/chat", null);
		Peer elsewhere = connect("/ws", null);
		assertThat(now(clients.send(Target.hub("chat").except(one.id()), Frame.binary(new byte[] { 7 }))))
				.isEqualTo(new Delivery.Delivered(1));
		assertThat(two.client().message().payload()).containsExactly(7);
		expectNothing(one);
		expectNothing(elsewhere);
	}

	@Test
	void sendsToEveryHub() throws Exception {
		Peer one = connect("/chat", "ann");
		Peer two = connect("/ws", null);
		Peer left = connect("/ws", "bob");
		Target.Hub all = Target.everyHub();
		assertThat(now(clients.send(all.except(left.id()), Frame.text("all")))).isEqualTo(new Delivery.Delivered(2));
		assertThat(now(clients.send(all.matching("userId eq 'bob'"), Frame.text("bob")))).isEqualTo(new Delivery.Delivered(1));
		expectText(one, "all");
		expectText(two, "all");
		expectText(left, "bob");
		assertThat(now(clients.count(all))).isEqualTo(3);
		assertThat(now(clients.list(all, null, 2)).connections()).extracting(ConnectionSnapshot::hub).containsExactly("chat", "default");
	}

	@Test
	void sendsToTheMembersOfAGroup() throws Exception {
		Peer one = connect("/chat", null);
		Peer two = connect("/chat", null);
		Peer namesake = connect("/ws", null);
		assertThat(now(clients.join(Target.hub("chat"), "news"))).isEqualTo(new Delivery.Delivered(2));
		assertThat(now(clients.join(Target.connection(namesake.id()), "news"))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.send(Target.group("chat", "news"), Frame.text("all")))).isEqualTo(new Delivery.Delivered(2));
		assertThat(now(clients.leave(Target.connection(two.id()), "news"))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.send(Target.group("chat", "news"), Frame.text("one")))).isEqualTo(new Delivery.Delivered(1));
		expectText(one, "all");
		expectText(one, "one");
		expectText(two, "all");
		expectNothing(two);
		expectNothing(namesake);
		assertThat(now(clients.count(Target.group("chat", "news")))).isEqualTo(1);
		one.client().close();
		await().until(() -> now(clients.send(Target.group("chat", "news"), Frame.text("none"))) == Delivery.NOBODY);
	}

	@Test
	void permitsAndForbids() throws Exception {
		Peer one = connect("/chat", "ann");
		Peer two = connect("/chat", "bob");
		Target.Connection first = Target.connection(one.id());
		assertThat(now(clients.permit(Target.hub("chat"), Permission.sendToGroup("news")))).isEqualTo(new Delivery.Delivered(2));
		assertThat(now(clients.permit(first, Permission.sendToGroup("news")))).as("again").isEqualTo(new Delivery.Delivered(1));
		assertThat(server.roles(one.fd())).containsExactly("webpubsub.sendToGroup.news");
		assertThat(now(clients.isPermitted(first, Permission.sendToGroup("news")))).isTrue();
		assertThat(now(clients.isPermitted(first, Permission.sendToGroup("sports")))).isFalse();
		assertThat(now(clients.isPermitted(first, Permission.sendToGroups()))).isFalse();
		assertThat(now(clients.isPermitted(first, Permission.joinLeaveGroup("news")))).isFalse();

		assertThat(now(clients.permit(Target.user("ann"), Permission.joinLeaveGroups()))).isEqualTo(new Delivery.Delivered(1));
		assertThat(server.roles(one.fd())).containsExactlyInAnyOrder("webpubsub.sendToGroup.news", "webpubsub.joinLeaveGroup");
		assertThat(now(clients.isPermitted(first, Permission.joinLeaveGroup("news")))).as("as in any group").isTrue();
		assertThat(now(clients.forbid(first, Permission.joinLeaveGroup("news")))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.isPermitted(first, Permission.joinLeaveGroup("news")))).as("still as in any group").isTrue();

		assertThat(now(clients.forbid(Target.hub("chat").except(two.id()), Permission.sendToGroup("news"))))
				.isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.isPermitted(first, Permission.sendToGroup("news")))).isFalse();
		assertThat(now(clients.isPermitted(Target.connection(two.id()), Permission.sendToGroup("news")))).isTrue();
	}

	@Test
	void givesAConnectionNoMoreRolesThanItMayHave() throws Exception {
		Target.Connection one = Target.connection(connect("/chat", null).id());
		for (int i = 0; i < 2 * WebSocketServer.MAX_GROUPS; i++) {
			assertThat(now(clients.permit(one, Permission.sendToGroup("g" + i)))).isEqualTo(new Delivery.Delivered(1));
		}
		assertThat(now(clients.permit(one, Permission.sendToGroup("more")))).isEqualTo(new Delivery.Partial(0, 1));
		assertThat(now(clients.permit(one, Permission.sendToGroup("g0")))).as("has it").isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.forbid(one, Permission.sendToGroup("g0")))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.permit(one, Permission.sendToGroup("more")))).isEqualTo(new Delivery.Delivered(1));
	}

	@Test
	void answersNobodyWhenNoConnectionMatches() {
		List<Target> nobody = List.of(Target.connection("test-999"), Target.connection("of-another-cluster"), Target.user("carol"),
				Target.user("chat", "carol"), Target.group("chat", "empty"), Target.hub("no-such-hub"), Target.hub("chat"));
		for (Target target : nobody) {
			assertThat(now(clients.send(target, Frame.text("x")))).as("%s", target).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.close(target, CloseStatus.NORMAL))).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.ping(target))).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.join(target, "g"))).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.leave(target, "g"))).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.permit(target, Permission.sendToGroups()))).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.forbid(target, Permission.sendToGroups()))).isEqualTo(Delivery.NOBODY);
			assertThat(now(clients.revoke(target))).isZero();
			assertThat(now(clients.exists(target))).isFalse();
			assertThat(now(clients.count(target))).isZero();
			assertThat(now(clients.list(target, null, 1))).isEqualTo(new ConnectionPage(List.of(), null));
		}
		assertThat(now(clients.renew(Target.connection("test-999"), new Renewal("ann", null, null)))).isEqualTo(Renewal.Result.NOT_FOUND);
		assertThat(now(clients.isPermitted(Target.connection("test-999"), Permission.sendToGroups()))).isFalse();
		assertThat(now(clients.revokeToken("t"))).isZero();
	}

	@Test
	void saysHowManyConnectionsRefusedAMessage() throws Exception {
		Peer one = connect("/chat", null);
		Peer closing = connect("/chat", null);
		assertThat(now(clients.close(Target.connection(closing.id()), new CloseStatus(4000, "go")))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.send(Target.hub("chat"), Frame.text("to all")))).isEqualTo(new Delivery.Partial(1, 1));
		assertThat(now(clients.close(Target.connection(closing.id()), CloseStatus.NORMAL))).isEqualTo(new Delivery.Partial(0, 1));
		expectText(one, "to all");
		expectClose(closing, 4000);
	}

	@Test
	void closesRevokesAndPings() throws Exception {
		Peer one = connect("/ws", "ann");
		Peer two = connect("/chat", "ann");
		assertThat(now(clients.ping(Target.user("ann")))).isEqualTo(new Delivery.Delivered(2));
		assertThat(one.client().frame().opcode()).isEqualTo(9);
		assertThat(two.client().frame().opcode()).isEqualTo(9);
		assertThat(now(clients.close(Target.user("chat", "ann"), CloseStatus.GOING_AWAY))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.revoke(Target.user("ann")))).isEqualTo(1);
		expectClose(two, 1001);
		expectClose(one, 4403);
	}

	@Test
	void listsInPagesThatAreBounded() throws Exception {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			ids.add(connect("/chat", "ann").id());
		}
		connect("/ws", "bob");
		List<String> listed = new ArrayList<>();
		String next = null;
		int pages = 0;
		do {
			ConnectionPage page = now(clients.list(Target.hub("chat"), next, 2));
			assertThat(page.connections()).hasSizeBetween(1, 2);
			page.connections().stream().map(ConnectionSnapshot::connectionId).forEach(listed::add);
			next = page.next();
			pages++;
		}
		while (next != null);
		assertThat(pages).isEqualTo(3);
		assertThat(listed).isEqualTo(ids);
		assertThat(now(clients.list(Target.user("ann"), null, 5)).next()).as("a full page that is the last").isNull();
		assertThat(now(clients.count(Target.hub("chat").except(ids.getFirst(), "unknown")))).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, Clients.MAX_PAGE + 1 })
	void refusesPagesOfOtherSizes(int size) {
		assertThatIllegalArgumentException().isThrownBy(() -> clients.list(Target.hub("chat"), null, size))
				.withMessageContaining("1 to 200");
	}

	@Test
	void refusesCallsThatCanNeverSucceed() {
		Target hub = Target.hub("chat");
		for (String nowhere : new String[] { "x", "", "-5", "+5", "\u0663", "99999999999999999999" }) {
			assertThatIllegalArgumentException().isThrownBy(() -> clients.list(hub, nowhere, 1))
					.withMessageContaining("begin with the first page");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> clients.send(hub, Frame.of(0, new byte[1], Opcode.TEXT, false)));
		assertThatIllegalArgumentException().isThrownBy(() -> clients.send(hub, Frame.of(0, new byte[1], Opcode.PING, true)));
		assertThatIllegalArgumentException().isThrownBy(() -> clients.send(hub, Frame.of(0, new byte[] { -1 }, Opcode.TEXT, true)))
				.withMessageContaining("UTF-8");
		assertThatIllegalArgumentException().isThrownBy(() -> clients.close(hub, new CloseStatus(1015)));
		assertThatIllegalArgumentException().isThrownBy(() -> clients.join(hub, "")).withMessageContaining("1 to 1024 characters");
		assertThatIllegalArgumentException().isThrownBy(() -> Permission.sendToGroup("")).withMessageContaining("1 to 1024 characters");
		assertThatIllegalArgumentException().isThrownBy(() -> Target.user("")).withMessageContaining("userId must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> Target.connection("")).withMessageContaining("connectionId");
		assertThatIllegalArgumentException().isThrownBy(() -> Target.group("chat", "")).withMessageContaining("group");
	}

	@Test
	void renewsForTheSameSubjectOnly() throws Exception {
		Peer anonymous = connect("/ws", "ann");
		assertThat(now(clients.renew(Target.connection(anonymous.id()), new Renewal("ann", "t", null))))
				.isEqualTo(Renewal.Result.OTHER_SUBJECT);
		assertThat(now(clients.renew(Target.connection(anonymous.id()), new Renewal(null, "t", null))))
				.isEqualTo(Renewal.Result.OTHER_SUBJECT);
	}

	@Test
	void narrowsEveryVerbByAFilter() throws Exception {
		Peer ann = connect("/ws", "ann");
		Peer bob = connect("/ws", "bob");
		Peer guest = connect("/ws", null);
		Target.Hub hub = Target.hub("default");
		now(clients.join(hub.matching("userId ne null"), List.of("users", "all")));
		assertThat(server.groups(ann.fd())).containsExactly("all", "users");
		assertThat(server.groups(guest.fd())).isEmpty();
		assertThat(now(clients.send(hub.matching("'users' in groups and userId ne 'bob'"), Frame.text("one"))))
				.isEqualTo(new Delivery.Delivered(1));
		expectText(ann, "one");
		assertThat(now(clients.send(hub.matching("userId ne null").matching("userId ne 'ann'"), Frame.text("both filters"))))
				.isEqualTo(new Delivery.Delivered(1));
		expectText(bob, "both filters");
		assertThat(now(clients.send(hub.matching("userId ne null").except(bob.id()), Frame.text("less one"))))
				.isEqualTo(new Delivery.Delivered(1));
		expectText(ann, "less one");
		assertThat(now(clients.count(hub.matching("connectionId eq '" + guest.id() + "'")))).isOne();
		assertThat(now(clients.count(Target.group("default", "all").matching("startswith(userId, 'b')")))).isOne();
		assertThat(now(clients.exists(Target.user("default", "ann").matching("'other' in groups")))).isFalse();
		assertThat(now(clients.list(hub.matching("userId eq null"), null, 10)).connections()).extracting(ConnectionSnapshot::connectionId)
				.containsExactly(guest.id());
		now(clients.permit(hub.matching("userId eq 'bob'"), Permission.sendToGroups()));
		assertThat(now(clients.isPermitted(Target.connection(bob.id()), Permission.sendToGroups()))).isTrue();
		assertThat(now(clients.isPermitted(Target.connection(ann.id()), Permission.sendToGroups()))).isFalse();
		assertThat(now(clients.leave(hub.matching("userId eq 'bob'"), "users"))).isEqualTo(new Delivery.Delivered(1));
		assertThat(now(clients.leaveAll(hub.matching("userId eq 'ann'")))).isEqualTo(new Delivery.Delivered(1));
		assertThat(server.groups(ann.fd())).isEmpty();
		assertThat(server.groups(bob.fd())).containsExactly("all");
		assertThat(now(clients.close(hub.matching("userId eq 'bob'"), new CloseStatus(4001)))).isEqualTo(new Delivery.Delivered(1));
		expectClose(bob, 4001);
		expectNothing(ann);
		expectNothing(guest);
	}

	@Test
	void refusesABadFilterBeforeAnythingIsSent() throws Exception {
		Peer one = connect("/ws", "ann");
		Target bad = Target.user("ann").matching("userId eq 'ann'").matching("userId eq");
		assertThatIllegalArgumentException().isThrownBy(() -> clients.send(bad, Frame.text("x")))
				.withMessageStartingWith("The filter is wrong at character 10");
		assertThatIllegalArgumentException().isThrownBy(() -> clients.close(bad, CloseStatus.NORMAL));
		assertThatIllegalArgumentException().isThrownBy(() -> clients.join(bad, "x"));
		assertThatIllegalArgumentException().isThrownBy(() -> clients.count(bad));
		expectNothing(one);
	}

	/** What a filter asks of a connection is compared without making strings or copies. */
	@Test
	void readsAConnectionForAFilterWithoutGarbage() throws Exception {
		Peer one = connect("/ws", "ann");
		now(clients.join(Target.connection(one.id()), "news"));
		WebSocketConnection connection = Objects.requireNonNull(running.bean(Connections.class).find(one.id()));
		Judged filter = new Judged(List.of(Filter.parse("'news' in groups and connectionId ne 'test-0' and connectionId eq '" + one.id()
				+ "' and userId eq 'ann' and length(groups) eq 1 and protocol eq null")));
		long least = Long.MAX_VALUE; // the first measurements load classes
		for (int i = 0; i < 20; i++) {
			ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			long before = memory.getCurrentThreadAllocatedBytes();
			int matched = 0;
			for (int j = 0; j < 1000; j++) {
				matched += filter.test(connection) ? 1 : 0;
			}
			least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
			assertThat(matched).isEqualTo(1000);
		}
		assertThat(least).as("bytes for 1000 connections").isLessThan(1000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "test", "test-", "test-0", "test-1x", "test-01", "other-1", "test-9223372036854775808", "test--1" })
	void knowsAConnectionByItsWholeNameOnly(String other) throws Exception {
		Peer one = connect("/ws", null);
		WebSocketConnection connection = Objects.requireNonNull(running.bean(Connections.class).find(one.id()));
		assertThat(connection.isNamed(one.id())).isTrue();
		assertThat(connection.isNamed(other)).isFalse();
		assertThat(connection.isNamed(one.id() + "0")).isFalse();
		assertThat(connection.isNamed(one.id().replace("test-", "test-0"))).isFalse();
	}

	@Test
	void meansAConnectionOfTheHubOnly() throws Exception {
		Peer one = connect("/ws", null);
		assertThat(now(clients.send(Target.connection("chat", one.id()), Frame.text("x")))).isEqualTo(Delivery.NOBODY);
		assertThat(now(clients.find(Target.connection("chat", one.id())))).isEmpty();
		assertThat(now(clients.send(Target.connection("default", one.id()), Frame.text("y")))).isEqualTo(new Delivery.Delivered(1));
		expectText(one, "y");
		assertThat(now(clients.find(Target.connection("default", one.id())))).hasValueSatisfying(found -> {
			assertThat(found.fd()).isEqualTo(one.fd());
			assertThat(found.roles()).isEmpty();
		});
	}

	@Test
	void joinsAndLeavesForAllConnectionsOfAUser() throws Exception {
		Peer one = connect("/ws", "ann");
		Peer two = connect("/ws", "ann");
		Peer other = connect("/chat", "ann");
		assertThat(now(clients.join(Target.user("default", "ann"), "news"))).isEqualTo(new Delivery.Delivered(2));
		assertThat(server.groups(one.fd())).isEqualTo(server.groups(two.fd())).containsExactly("news");
		assertThat(server.groups(other.fd())).isEmpty();
		assertThat(now(clients.leaveAll(Target.user("default", "ann")))).isEqualTo(new Delivery.Delivered(2));
		assertThat(now(clients.exists(Target.group("default", "news")))).isFalse();
		assertThat(now(clients.leaveAll(Target.user("default", "ann")))).isEqualTo(new Delivery.Delivered(2));
		assertThatIllegalArgumentException().isThrownBy(() -> clients.join(Target.user("ann"), List.of("good", "")));
		assertThat(server.groups(one.fd())).isEmpty();
	}

	/** A client that does not read: what waited too long for it is not sent when it reads again. */
	@Test
	void dropsWhatWaitedLongerThanItsTime() throws Exception {
		Peer slow = connect("/ws", null);
		Target target = Target.connection(slow.id());
		byte[] large = new byte[200_000];
		while (now(clients.find(target(slow))).orElseThrow().queuedBytes() == 0) {
			now(clients.send(target, Frame.binary(large)));
		}
		now(clients.send(target, Frame.text("too late"), Duration.ofMillis(1)));
		now(clients.send(target, Frame.text("in time"), Duration.ofMinutes(10)));
		now(clients.send(Target.hub("default"), Frame.text("too late for all"), Duration.ofMillis(1)));
		long sent = System.nanoTime();
		await().until(() -> System.nanoTime() - sent > 5_000_000);
		ReceivedFrame next = slow.client().message();
		while (next.opcode() == 2) {
			next = slow.client().message();
		}
		assertThat(next.text()).isEqualTo("in time");
		expectNothing(slow);
		assertThatIllegalArgumentException().isThrownBy(() -> clients.send(target, Frame.text("x"), Duration.ZERO));
	}

	private static Target.Connection target(Peer peer) {
		return Target.connection(peer.id());
	}

	@Test
	void keepsTheOrderOfOneSender() throws Exception {
		Peer one = connect("/chat", "ann");
		for (int i = 0; i < 200; i++) {
			Target target = i % 2 == 0 ? Target.hub("chat") : Target.user("ann");
			now(clients.send(target, Frame.text("" + i)));
		}
		for (int i = 0; i < 200; i++) {
			expectText(one, "" + i);
		}
	}
}
