package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.operations.Drain;
import dev.hawser.push.ConnectionTokens;
import dev.hawser.push.Operation;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** Reliable clients that come back to another node than the one that has their connection. */
class MovingConnectionTests {
	private static final Duration PATIENCE = Duration.ofMinutes(1);
	private static final String KEY = "hawser.push.key=moving-moving-moving-moving-moving-moving";

	/** Messages of which a sender was told that they may not have got there. */
	private static final Set<String> DOUBTFUL = ConcurrentHashMap.newKeySet();

	private static RunningCluster cluster;

	static class Callbacks {
		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> {
				request.query("user").ifPresent(response::user);
				response.roles(request.query().getOrDefault("role", List.of())).groups(request.query().getOrDefault("join", List.of()))
						.accept();
			};
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.reply(frame, Frame.text(frame.text()));
		}
	}

	@BeforeAll
	static void start() throws Exception {
		cluster = RunningCluster.start(Callbacks.class, RedisServer.startDurable(), 3, KEY, "hawser.reliable.messages=100000");
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	private static void send(int from, Target target, String text) throws Exception {
		assertThat(now(cluster.clients(from).send(target, Frame.text(text)))).isInstanceOfAny(Delivery.Delivered.class,
				Delivery.HandedOver.class);
	}

	private static MovingPeer connect(int node, String user, String... groups) throws Exception {
		MovingPeer peer = MovingPeer.connect(cluster.node(node),
				"user=" + user + "&role=webpubsub.sendToGroup&role=webpubsub.joinLeaveGroup"
						+ (groups.length == 0 ? "" : "&join=" + String.join("&join=", groups)));
		cluster.settled();
		return peer;
	}

	private static Connections connections(int node) {
		return cluster.node(node).bean(Connections.class);
	}

	@Test
	void getsWhatItHasMissedAndAllThatFollows() throws Exception {
		try (MovingPeer peer = connect(0, "ann", "room")) {
			send(1, Target.connection(peer.id), "1");
			assertThat(peer.numbered()).isEqualTo("1:1");
			send(0, Target.user("ann"), "2");
			assertThat(peer.numbered()).isEqualTo("2:2");
			peer.confirm(1).send("{'type':'ping'}");
			assertThat(peer.text()).isEqualTo("{'type':'pong'}");
			peer.leave();
			send(2, Target.group("default", "room"), "3");
			send(1, Target.user("ann"), "4");
			send(2, Target.connection(peer.id), "5");
			send(0, Target.connection(peer.id), "6");
			peer.comeBack(cluster.node(1));
			List<String> missed = List.of(peer.numbered(), peer.numbered(), peer.numbered(), peer.numbered(), peer.numbered());
			assertThat(missed.getFirst()).isEqualTo("2:2");
			assertThat(missed.stream().map(each -> each.split(":", -1)[0])).containsExactly("2", "3", "4", "5", "6");
			assertThat(missed.stream().map(each -> each.split(":", -1)[1])).containsExactlyInAnyOrder("2", "3", "4", "5", "6");
			await().until(() -> connections(0).find(peer.id) == null);
			cluster.settled();
			int number = 7;
			for (int from = 0; from < 3; from++) {
				for (Target target : List.of(Target.connection(peer.id), Target.user("ann"), Target.group("default", "room"),
						Target.hub("default").matching("userId eq 'ann'"))) {
					send(from, target, "from " + from);
					assertThat(peer.numbered()).as("%s from %d", target, from).isEqualTo(number++ + ":from " + from);
				}
				Clients clients = cluster.clients(from);
				assertThat(now(clients.count(Target.user("ann")))).isEqualTo(1);
				assertThat(now(clients.exists(Target.connection(peer.id)))).isTrue();
				ConnectionSnapshot found = now(clients.find(Target.connection(peer.id))).orElseThrow();
				assertThat(found.userId()).isEqualTo("ann");
				assertThat(found.groups()).containsExactly("room");
			}
			assertThat(now(cluster.clients(2).forbid(Target.connection(peer.id), Permission.sendToGroups()))).isEqualTo(
					new Delivery.Delivered(1));
			assertThat(peer.send("{'type':'sendToGroup','group':'room','data':'no','dataType':'text','ackId':5}").text())
					.contains("Forbidden");
		}
	}

	@Test
	void keepsWhatItHasDone() throws Exception {
		try (MovingPeer peer = connect(0, "bob"); MovingPeer other = connect(2, "other", "club")) {
			String request = "{'type':'sendToGroup','group':'club','data':'once','dataType':'text','ackId':7}";
			assertThat(peer.send(request).text()).isEqualTo("{'type':'ack','ackId':7,'success':true}");
			assertThat(other.text()).contains("once");
			peer.comeBack(cluster.node(1)); // without breaking the socket before
			assertThat(peer.send(request).text()).contains("'ackId':7", "Duplicate");
			assertThat(peer.send("{'type':'joinGroup','group':'club','ackId':8}").text()).contains("'ackId':8,'success':true");
			cluster.settled();
			send(0, Target.group("default", "club"), "both");
			assertThat(peer.numbered()).isEqualTo("1:both");
			peer.comeBack(cluster.node(0)); // where it began
			assertThat(peer.numbered()).isEqualTo("1:both");
			peer.confirm(1).comeBack(cluster.node(0));
			send(2, Target.group("default", "club"), "again");
			assertThat(peer.numbered()).endsWith(":again");
		}
	}

	/** It may have missed messages since then, and its client must learn that. */
	@Test
	void goesNowhereWhenItsNodeWasBuried() throws Exception {
		try (MovingPeer peer = connect(0, "lena")) {
			cluster.cluster(0).moves().endsHere(FencedClose.of(connections(0)));
			peer.comeBack(cluster.node(1));
			assertThat(peer.text()).isEqualTo("close 1008");
			peer.comeBack(cluster.node(0));
			send(2, Target.user("lena"), "here");
			assertThat(peer.numbered()).isEqualTo("1:here");
		}
	}

	/** A request that its caller repeats, since it was not answered, meets another node than the first one did. */
	@Test
	void getsWhatIsSentAgainOnceAlthoughItHasMoved() throws Exception {
		try (MovingPeer peer = connect(0, "kate", "again")) {
			for (Target target : List.of(Target.user("kate"), Target.group("default", "again"), Target.connection(peer.id))) {
				sendOnce("first " + target, target);
				assertThat(peer.numbered()).endsWith(":first " + target);
				peer.leave();
				sendOnce("second " + target, target);
				peer.comeBack(cluster.node(1));
				assertThat(peer.numbered()).endsWith(":first " + target);
				assertThat(peer.numbered()).endsWith(":second " + target);
				sendOnce("first " + target, target);
				sendOnce("second " + target, target);
				send(2, target, "last");
				assertThat(peer.numbered()).endsWith(":last");
				assertThat(peer.confirm(Long.MAX_VALUE).send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
				peer.comeBack(cluster.node(0));
				sendOnce("first " + target, target);
				sendOnce("third " + target, target);
				assertThat(peer.numbered()).endsWith(":third " + target);
				assertThat(peer.confirm(Long.MAX_VALUE).send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
			}
		}
	}

	private static void sendOnce(String text, Target target) throws Exception {
		boolean _ = ScopedValue.where(Operation.CURRENT, new Operation(text)).call(() -> {
			send(2, target, text);
			return true;
		});
	}

	/** Three nodes send all the time, in three ways each, while the client goes around. */
	@Test
	void getsEachMessageOnceAndInOrderWhileItMoves() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor(); AutoCloseable _ = () -> over.set(true)) {
			goAround(over, senders);
		}
	}

	private static void goAround(AtomicBoolean over, ExecutorService senders) throws Exception {
		try (MovingPeer peer = connect(0, "carl", "busy")) {
			Map<String, Future<Integer>> sent = new HashMap<>();
			Map<String, Target> ways = Map.of("group", Target.group("default", "busy"), "user", Target.user("carl"), "one",
					Target.connection(peer.id));
			for (int node = 0; node < 3; node++) {
				Clients clients = cluster.clients(node);
				String from = Integer.toString(node);
				ways.forEach((way, target) -> sent.put(from + way, senders.submit(() -> {
					int count = 0;
					while (!over.get()) {
						String message = from + way + " " + ++count;
						while (!isPassedOn(now(clients.send(target, Frame.text(message))))) {
							DOUBTFUL.add(message); // the machine is very busy: as a caller would, it sends again
							TimeUnit.MILLISECONDS.sleep(3);
						}
						TimeUnit.MILLISECONDS.sleep(3); // paced, not awaited
					}
					return count;
				})));
			}
			Map<String, Integer> got = new HashMap<>();
			long last = 0;
			for (int round = 1; round <= 8; round++) {
				for (int i = 0; i < 200; i++) {
					last = take(peer, got, last);
				}
				peer.confirm(last).comeBack(cluster.node(round % 3));
			}
			over.set(true);
			Map<String, Integer> all = new HashMap<>();
			for (Map.Entry<String, Future<Integer>> one : sent.entrySet()) {
				all.put(one.getKey(), one.getValue().get(1, TimeUnit.MINUTES));
			}
			while (!got.equals(all)) {
				last = take(peer, got, last);
			}
			send(0, Target.connection(peer.id), "end");
			assertThat(peer.numbered()).endsWith(":end");
		}
	}

	private static boolean isPassedOn(Delivery result) {
		assertThat(result).as("there is one all the time").isNotInstanceOf(Delivery.Nobody.class);
		return result instanceof Delivery.Delivered || result instanceof Delivery.HandedOver;
	}

	/** Takes the next message, which is the one after the last of its sender, unless the client has it already. */
	private static long take(MovingPeer peer, Map<String, Integer> got, long last) throws Exception {
		String[] message = peer.numbered().split("[: ]", -1);
		long number = Long.parseLong(message[0]);
		if (number <= last) {
			return last;
		}
		assertThat(number).isEqualTo(last + 1);
		if (DOUBTFUL.contains(message[1] + " " + message[2]) && Integer.parseInt(message[2]) <= got.getOrDefault(message[1], 0)) {
			return number;
		}
		assertThat(Integer.parseInt(message[2])).as(message[1] + " after " + got).isEqualTo(got.getOrDefault(message[1], 0) + 1);
		got.put(message[1], Integer.parseInt(message[2]));
		return number;
	}

	@Test
	void goesToOneOfTwoThatAskAtOnce() throws Exception {
		try (MovingPeer peer = connect(0, "dora", "two")) {
			peer.leave();
			RawClient one = MovingPeer.socket(cluster.node(1), "default", peer.id, peer.token);
			RawClient two = MovingPeer.socket(cluster.node(2), "default", peer.id, peer.token);
			send(0, Target.group("default", "two"), "x");
			List<String> answers = new ArrayList<>(List.of(MovingPeer.text(one.message()), MovingPeer.text(two.message())));
			answers.removeIf(answer -> answer.equals("close 1013"));
			assertThat(answers).isNotEmpty().allMatch(answer -> answer.contains("'sequenceId':1,") && answer.contains("'x'"));
			one.close();
			two.close();
			await().atMost(PATIENCE).until(() -> connections(0).find(peer.id) == null);
			assertThat(now(cluster.clients(0).count(Target.user("dora")))).isEqualTo(1);
			peer.comeBack(cluster.node(0));
			assertThat(peer.numbered()).isEqualTo("1:x");
		}
	}

	@Test
	void tellsAClientWithoutAConnectionToBeginAnew() throws Exception {
		RunningHawser node = cluster.node(1);
		String gone = cluster.nodes(0).self() + "-999999";
		String never = "n7-abcdef-3";
		for (String id : List.of(gone, never, cluster.nodes(1).self() + "-999999", "x", "-1", "n0-1{}\u0001")) {
			try (RawClient client = MovingPeer.socket(node, "default", id, node.bean(ConnectionTokens.class).sign(id))) {
				assertThat(MovingPeer.text(client.message())).as(id).isEqualTo("close 1008");
			}
		}
		try (MovingPeer peer = connect(0, "emma", "own"); MovingPeer other = connect(0, "eve")) {
			peer.leave();
			for (String token : List.of(other.token, peer.token + "x", "", "e30.e30.")) {
				try (RawClient client = MovingPeer.socket(node, "default", peer.id, token)) {
					assertThat(MovingPeer.text(client.message())).isEqualTo("close 1008");
				}
			}
			try (RawClient client = MovingPeer.socket(node, "chat", peer.id, peer.token)) {
				assertThat(MovingPeer.text(client.message())).as("another hub").isEqualTo("close 1008");
			}
			send(2, Target.group("default", "own"), "still");
			assertThat(peer.comeBack(node).numbered()).isEqualTo("1:still");
		}
	}

	@Test
	void isClosedWhereItIsNow() throws Exception {
		try (MovingPeer peer = connect(0, "fred")) {
			peer.comeBack(cluster.node(2));
			assertThat(peer.send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
			await().until(() -> connections(0).find(peer.id) == null);
			assertThat(now(cluster.clients(0).revoke(Target.user("fred")))).isEqualTo(1);
			assertThat(peer.text()).contains("disconnected");
			assertThat(peer.text()).isEqualTo("close 4403");
			await().until(() -> !now(cluster.clients(1).exists(Target.connection(peer.id))));
			assertThat(MovingPeer.text(MovingPeer.socket(cluster.node(1), "default", peer.id, peer.token).message()))
					.isEqualTo("close 1008");
			await().until(() -> cluster.redis.cli("KEYS", "hawser:i:*fred*").isBlank());
		}
	}

	@Test
	void waitsWhileRedisIsAway() throws Exception {
		try (RunningCluster own = RunningCluster.start(Callbacks.class, RedisServer.startDurable(), 2, KEY);
				MovingPeer peer = MovingPeer.connect(own.node(0), "user=gina&join=g")) {
			own.settled();
			own.redis.kill();
			await().atMost(PATIENCE).until(() -> !own.cluster(1).clusterNodes().mayPassOn());
			assertThat(peer.comeBack(own.node(1)).text()).isEqualTo("close 1013");
			own.redis.startAgain();
			own.awaitNodes(2);
			assertThat(now(own.clients(1).send(Target.user("gina"), Frame.text("after")))).isInstanceOf(Delivery.HandedOver.class);
			assertThat(peer.comeBack(own.node(1)).numbered()).isEqualTo("1:after");
		}
	}

	@Test
	void goesOnElsewhereWhenItsNodeDrainsAndStops() throws Exception {
		try (RunningCluster own = RunningCluster.start(Callbacks.class, RedisServer.start(), 2, KEY);
				MovingPeer peer = MovingPeer.connect(own.node(0), "user=hans&join=h");
				MovingPeer away = MovingPeer.connect(own.node(0), "user=ilse&join=h")) {
			away.leave();
			own.settled();
			own.node(0).bean(Drain.class).begin();
			assertThat(peer.text()).isEqualTo("close 1012");
			assertThat(peer.raw().ended()).as("no reset").isTrue();
			assertThat(now(own.clients(1).count(Target.group("default", "h")))).isEqualTo(2);
			assertThat(now(own.clients(1).send(Target.group("default", "h"), Frame.text("meanwhile")))).isInstanceOf(
					Delivery.HandedOver.class);
			Thread stopping = Thread.ofVirtual().start(own.node(0)::close);
			assertThat(peer.comeBack(own.node(1)).numbered()).isEqualTo("1:meanwhile");
			assertThat(away.comeBack(own.node(1)).numbered()).isEqualTo("1:meanwhile");
			assertThat(stopping.join(PATIENCE)).isTrue();
			await().until(() -> own.nodes(1).live().equals(Set.of(own.nodes(1).self())));
			for (Target target : List.of(Target.connection(peer.id), Target.user("hans"), Target.group("default", "h"))) {
				assertThat(now(own.clients(1).send(target, Frame.text("alone")))).isInstanceOf(Delivery.Delivered.class);
				assertThat(peer.numbered()).endsWith(":alone");
			}
		}
	}
}
