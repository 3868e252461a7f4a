package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.cluster.RunningCluster.Peer;
import dev.hawser.push.Order;
import dev.hawser.testing.ReadsLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Other programs, and nodes of other versions, write into the keys of a cluster. Nothing stops the reader of an inbox. */
@ReadsLog
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignWriterTests {
	private static final String TABLE = "hawser:nodes:{nodes}";
	private static final Target.Group GROUP = Target.group("default", "g");

	private RunningCluster cluster;
	private Clients clients;
	private Redis redis;
	private Peer there;
	private Peer other;

	@BeforeAll
	void start() throws Exception {
		cluster = RunningCluster.start(2);
		clients = cluster.clients(0);
		RedisLink link = cluster.node(0).context().getBean("hawserRedis", RedisLink.class);
		redis = new LettuceRedis(link, link);
		there = cluster.connect(1, "/ws", "ann");
		other = cluster.connect(1, "/ws", "bob");
		now(clients.join(Target.connection(there.id()), Set.of("g")));
		cluster.settled();
	}

	@AfterAll
	void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private String inbox() {
		return "hawser:in:{" + cluster.nodes(1).self() + "}";
	}

	private double skipped(String why) {
		Counter counter = cluster.node(1).bean(MeterRegistry.class).find(ClusterMeters.SKIPPED).tag("why", why).counter();
		return counter == null ? 0 : counter.count();
	}

	private double lost() {
		return cluster.node(1).bean(MeterRegistry.class).get(ClusterMeters.LOST).counter().count();
	}

	/** The reader reads on: what comes after arrives. */
	@AfterEach
	void readsOn() throws Exception {
		Target.Connection target = Target.connection(there.id());
		await().until(() -> now(clients.send(target, Frame.text("after"))), new Delivery.HandedOver(0, 1)::equals);
		await().until(() -> there.client().message().text(), "after"::equals);
	}

	private void append(byte[] entry) throws Exception {
		assertThat(now(redis.append(cluster.nodes(1).self(), entry))).isTrue();
	}

	private static byte[] said(String text) {
		return new Letter.Tell(Target.user("default", "ann"), new Order.Send(Frame.text(text), 0)).bytes();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 6, 255 })
	void leavesOutEnvelopesOfOtherVersions(int version, CapturedOutput log) throws Exception {
		byte[] entry = Batch.bytes("newer-000001", 1, List.of(said("in another version")));
		entry[2] = (byte) version;
		double before = skipped("unreadable");
		append(entry);
		append(entry);
		await().until(() -> skipped("unreadable") == before + 2);
		assertThat(log.getOut().split("it has version " + version + ",", -1)).as("said once").hasSize(2);
	}

	@Test
	void leavesOutWhatSaysThatItIsHuge() throws Exception {
		double before = skipped("unreadable");
		WireWriter source = new WireWriter(64).octet('H').octet('W').octet(1).number(100 << 20);
		append(source.raw(new byte[200]).done());
		append(new WireWriter(64).octet('H').octet('W').octet(1).text("n").number(0).number(100 << 20).raw(new byte[200]).done());
		append(new WireWriter(64).octet('H').octet('W').octet(1).text("n").number(0).number(-1).raw(new byte[200]).done());
		append(new WireWriter(64).octet('H').octet('W').octet(1).text("n").number(-5).number(0).done());
		append(new WireWriter(2_000_000).octet('H').octet('W').octet(1).text("n").number(0).number(1_500_000)
				.raw(new byte[1_500_000]).done());
		append(Batch.bytes("n", 0, List.of(new WireWriter(64).octet(1).octet(2).octet(0).number(1 << 30).raw(new byte[30]).done())));
		await().until(() -> skipped("unreadable") == before + 6);
	}

	@Test
	void leavesOutAFilterThatIsTooDeep() throws Exception {
		String deep = "(".repeat(200_000) + "userId eq 'a'" + ")".repeat(200_000);
		byte[] letter = new WireWriter(500_000).octet(1).octet(4).text("default").number(0).number(1).text(deep).octet(3).done();
		double before = skipped("failed") + skipped("unreadable");
		append(Batch.bytes("n", 0, List.of(letter)));
		await().until(() -> skipped("failed") + skipped("unreadable") == before + 1);
	}

	@Test
	void readsOnAfterAnEntryWithTheHighestId() throws Exception {
		cluster.redis.cli("XADD", inbox(), "9223372036854775807-18446744073709551614", "hello", "world");
		cluster.redis.cli("XADD", inbox(), "18446744073709551614-0", "hello", "world");
		await().until(() -> skipped("foreign") >= 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "in", "size" })
	void makesItsInboxAnewWhenSomethingElseIsInItsPlace(String kind) throws Exception {
		String self = cluster.nodes(1).self();
		String key = "hawser:" + kind + ":{" + self + "}";
		cluster.redis.cli("DEL", key);
		cluster.redis.cli("RPUSH", key, "a list");
		readsOn();
		assertThat(cluster.nodes(1).self()).as("nor was it buried").isEqualTo(self);
	}

	@Test
	void takesANumberThatIsNoneForNothing() throws Exception {
		cluster.redis.cli("SET", "hawser:size:{" + cluster.nodes(1).self() + "}", "no number");
		readsOn();
	}

	@ParameterizedTest
	@ValueSource(strings = { "hawser:u:{default/ann}", "hawser:g:{default/g}" })
	void writesAUserOrGroupAgainWhenSomethingElseIsInItsPlace(String key) throws Exception {
		Target target = key.contains(":u:") ? Target.user("default", "ann") : GROUP;
		await().untilAsserted(() -> { // until both are looked for together: once the key is noticed, nothing is known for a moment
			cluster.redis.cli("DEL", key);
			cluster.redis.cli("SET", key, "of another program");
			CompletionStage<Delivery> poisoned = clients.send(target, Frame.text("refused"));
			CompletionStage<Delivery> beside = clients.send(Target.user("default", "bob"), Frame.text("beside"));
			assertThat(now(poisoned)).isEqualTo(new Delivery.Unreached(0, Delivery.Unreached.Reason.AWAY));
			assertThat(now(beside)).as("what is looked for in the same moment").isEqualTo(new Delivery.HandedOver(0, 1));
		});
		assertThat(other.client().message().text()).isEqualTo("beside");
		await().until(() -> now(clients.send(target, Frame.text("again"))), new Delivery.HandedOver(0, 1)::equals);
		await().until(() -> there.client().message().text(), "again"::equals);
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage", "1|1|up", "x|1|up|0", "99999999999999999999|1|up|0", "", "1|-1|up|0", "1|9|up|0", "dead" })
	void sendsNothingToANodeWhoseRecordItCannotRead(String record) throws Exception {
		String stranger = "stranger-" + Integer.toHexString(record.hashCode());
		cluster.redis.cli("HSET", TABLE, stranger, record);
		await().until(() -> cluster.nodes(0).isForeign(stranger));
		assertThat(cluster.nodes(0).isLive(stranger)).isFalse();
		cluster.redis.cli("HSET", "hawser:u:{default/sue}", stranger, "1");
		assertThat(now(clients.send(Target.user("default", "sue"), Frame.text("x"))))
				.isEqualTo(new Delivery.Unreached(0, Delivery.Unreached.Reason.AWAY));
		assertThat(now(clients.send(Target.connection(stranger + "-1"), Frame.text("x"))))
				.isEqualTo(new Delivery.Unreached(0, Delivery.Unreached.Reason.AWAY));
		assertThat(cluster.redis.cli("EXISTS", "hawser:in:{" + stranger + "}")).isEqualTo("0");
		cluster.redis.cli("HDEL", "hawser:u:{default/sue}", stranger);
		cluster.redis.cli("HDEL", TABLE, stranger);
		await().until(() -> !cluster.nodes(0).isForeign(stranger));
	}

	@Test
	void writesItsOwnRecordAgain() throws Exception {
		String self = cluster.nodes(1).self();
		cluster.redis.cli("HSET", TABLE, self, "garbage");
		await().until(() -> NodeRecord.of(cluster.redis.cli("HGET", TABLE, self)) != null);
		await().until(() -> cluster.nodes(0).isLive(self) && !cluster.nodes(0).isForeign(self));
		assertThat(lost()).isZero();
	}
}
