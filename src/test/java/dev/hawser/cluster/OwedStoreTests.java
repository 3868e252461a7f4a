package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RedisServer;
import dev.hawser.webhook.EventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/** What is owed to backends, in a real Redis. */
@ReadsLog
class OwedStoreTests {
	private final Set<String> live = KnownNodes.none();
	private final List<Node> nodes = new ArrayList<>();
	private RedisServer redis;

	/** A node with its own connection; what it inherits is delivered when the test says so. */
	private final class Node implements EventStore.Heir, AutoCloseable {
		private final RedisClients clients = RedisClients.of(redis);
		private final KnownNodes known;
		private final OwedStore store;
		private final Map<String, SimulatedConnection> inherited = new ConcurrentHashMap<>();

		Node(String name, EventStore local) {
			known = new KnownNodes(name, live);
			store = new OwedStore(new OwedCommands(clients.link()), known, local, () -> {
			});
			nodes.add(this);
		}

		SimulatedConnection accept(String name) throws InterruptedException {
			SimulatedConnection connection = new SimulatedConnection(name);
			store.putDurably(connection);
			return connection;
		}

		@Override
		public SimulatedConnection inherit(String name, byte[] content) {
			SimulatedConnection left = SimulatedConnection.left(name, content);
			assertThat(inherited.put(name, left)).as(name).isNull();
			return left;
		}

		@Override
		public boolean hasRoom() {
			return true;
		}

		SimulatedConnection inherited(String name) {
			return Objects.requireNonNull(inherited.get(name));
		}

		/** It has gone without a word. */
		void die() {
			live.remove(known.self());
			close();
		}

		@Override
		public void close() {
			clients.close();
			nodes.remove(this);
		}
	}

	@BeforeEach
	void startRedis() throws Exception {
		redis = RedisServer.startDurable();
	}

	@AfterEach
	void stop() {
		List.copyOf(nodes).forEach(Node::close);
		redis.close();
	}

	private Node node(String name) {
		Node node = new Node(name, EventStore.NONE);
		node.store.start(node);
		return node;
	}

	private void tick() {
		nodes.forEach(node -> node.store.tick());
	}

	private void bury(String name) {
		nodes.forEach(node -> node.store.buried(name));
	}

	private List<String> records(String home) throws Exception {
		return redis.cli("HKEYS", "hawser:c:{" + home + '}').lines().filter(name -> !Set.of("!", "#", "").contains(name)).sorted().toList();
	}

	@Test
	void hasARecordInRedisWhenItSaysSo() throws Exception {
		Node a = node("a");
		SimulatedConnection one = a.accept("one");
		assertThat(records("a")).containsExactly("one");
		a.accept("two");
		a.store.remove(one);
		await().until(() -> records("a"), List.of("two")::equals);
	}

	@Test
	void leavesEachRecordToExactlyOneOfTheOthers() throws Exception {
		Node a = node("a");
		Node b = node("b");
		Node c = node("c");
		for (int i = 0; i < 1200; i++) {
			a.store.put(new SimulatedConnection("open-" + i));
		}
		SimulatedConnection ended = new SimulatedConnection("ended");
		ended.ends("7");
		a.store.putDurably(ended);
		await().until(() -> records("a").size(), size -> size == 1201);
		a.die();
		bury("a");
		await().untilAsserted(() -> {
			tick();
			assertThat(b.inherited.size() + c.inherited.size()).isEqualTo(1201);
		});
		Node heir = b.inherited.isEmpty() ? c : b;
		assertThat(heir.inherited).hasSize(1201);
		assertThat(heir.inherited("ended").due()).isEqualTo("7");
		heir.inherited.values().forEach(heir.store::remove);
		await().untilAsserted(() -> {
			tick();
			assertThat(redis.cli("SMEMBERS", "hawser:owed:{nodes}")).isEmpty();
		});
		assertThat(records("a")).isEmpty();
		assertThat(Long.parseLong(redis.cli("TTL", "hawser:c:{a}"))).as("the mark is kept for a week").isPositive();
	}

	@Test
	void leavesWhatAnHeirHasNotDeliveredToAnother() throws Exception {
		Node a = node("a");
		Node b = node("b");
		a.accept("one");
		a.accept("two");
		a.die();
		bury("a");
		await().untilAsserted(() -> {
			tick();
			assertThat(b.inherited).hasSize(2);
		});
		b.store.remove(b.inherited("one"));
		await().until(() -> records("a"), List.of("two")::equals);
		assertThat(redis.cli("HGET", "hawser:c:{a}", "two")).as("another node that delivers it says the same")
				.isEqualTo(SimulatedConnection.LOST);
		b.die();
		Node c = node("c");
		bury("a");
		bury("b");
		await().untilAsserted(() -> {
			tick();
			assertThat(c.inherited).containsOnlyKeys("two");
		});
	}

	@Test
	void refusesTheRecordsOfANodeThatIsBuriedAndTakesThemInItsNewLife() throws Exception {
		Node a = node("a");
		Node b = node("b");
		SimulatedConnection old = a.accept("old");
		bury("a");
		await().untilAsserted(() -> {
			b.store.tick();
			assertThat(b.inherited).containsOnlyKeys("old");
		});
		SimulatedConnection late = new SimulatedConnection("late");
		a.store.put(late);
		await().until(old::isHandedOver);
		a.known.rename("a2");
		a.store.fenced("a", "a2");
		await().untilAsserted(() -> {
			a.store.tick();
			assertThat(records("a2")).containsExactly("late");
		});
		assertThat(late.isHandedOver()).isFalse();
		assertThat(records("a")).containsExactly("old");
	}

	@Test
	void findsTheRecordsOfANodeThatHasLeft() throws Exception {
		Node a = node("a");
		a.accept("one");
		a.store.close();
		a.die();
		Node b = node("b");
		await().untilAsserted(() -> {
			tick();
			assertThat(b.inherited).containsOnlyKeys("one");
		});
	}

	/** A node of a version that this one does not understand may be alive, and may have records that this one cannot read. */
	@Test
	void leavesTheRecordsOfANodeThatItDoesNotUnderstand() throws Exception {
		Node a = node("a");
		a.accept("one");
		a.die();
		Node b = node("b");
		b.known.foreign.add("a");
		AtomicInteger looks = new AtomicInteger();
		await().until(() -> {
			tick();
			return looks.incrementAndGet() > 100;
		});
		assertThat(b.inherited).isEmpty();
		b.known.foreign.clear();
		await().untilAsserted(() -> {
			tick();
			assertThat(b.inherited).containsOnlyKeys("one");
		});
	}

	@Test
	void writesEverythingAgainAfterRedisHasLostIt(CapturedOutput log) throws Exception {
		Node a = node("a");
		a.accept("one");
		redis.kill();
		a.accept("two");
		a.accept("three");
		redis.startEmpty();
		a.store.lostData();
		await().untilAsserted(() -> {
			a.store.tick();
			assertThat(records("a")).containsExactly("one", "three", "two");
		});
		assertThat(log.getAll().split("cannot be written to Redis", -1)).as("it says so once").hasSize(2);
		await().untilAsserted(() -> assertThat(log).contains("is written to Redis again"));
	}

	@Test
	void keepsWhatRedisHasLostWhenItsNodeIsBuriedAfterThat() throws Exception {
		Node a = node("a");
		SimulatedConnection one = a.accept("one");
		redis.cli("FLUSHALL");
		a.store.lostData();
		a.store.fenced("a", "a-again");
		a.known.rename("a-again");
		await().untilAsserted(() -> {
			a.store.tick();
			assertThat(records("a-again")).containsExactly("one");
		});
		assertThat(one.isHandedOver()).isFalse();
	}

	@Test
	void goesOnWhenRedisIsFull(CapturedOutput log) throws Exception {
		Node a = node("a");
		SimulatedConnection one = a.accept("one");
		redis.cli("CONFIG", "SET", "maxmemory", "1");
		a.accept("two");
		assertThat(log).contains("cannot be written to Redis (oom)");
		assertThat(a.store.isFailing()).isTrue();
		a.store.remove(one);
		redis.cli("CONFIG", "SET", "maxmemory", "0");
		await().untilAsserted(() -> {
			a.store.tick();
			assertThat(records("a")).containsExactly("two");
		});
		assertThat(a.store.isFailing()).isFalse();
	}

	@Test
	void keepsLocallyWhatItCannotWrite() throws Exception {
		LocalStore local = new LocalStore();
		Node a = new Node("a", local);
		a.store.start(a);
		a.accept("landed");
		redis.kill();
		SimulatedConnection hereOnly = a.accept("here-only");
		assertThat(local.entries.keySet()).singleElement().asString().startsWith("here-only@a@");
		a.die();
		redis.startAgain();
		Node next = new Node("a-next", local);
		next.store.start(next);
		await().untilAsserted(() -> {
			next.store.tick();
			assertThat(records("a-next")).containsExactly("here-only");
		});
		assertThat(next.inherited).containsOnlyKeys(hereOnly.name());
		await().until(local.entries::isEmpty);
	}
}
