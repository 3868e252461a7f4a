package dev.hawser.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Counts what happens between nodes. Safe for any thread. */
class ClusterMeters {
	/** Counter: batches sent to other nodes and read from them, by {@code direction}. */
	static final String BATCHES = "hawser.cluster.batches";
	/** Counter: batches that another node has sent and this one has not got. */
	static final String LOST = "hawser.cluster.lost";
	/** Counter: entries of the inbox that were left out, by {@code why}. */
	static final String SKIPPED = "hawser.cluster.skipped";
	/** Counter: nodes that this one has buried. */
	static final String BURIED = "hawser.cluster.buried";
	/** Counter: how often others have buried this node. */
	static final String FENCED = "hawser.cluster.fenced";
	/** Counter: how often Redis has lost what it held. */
	static final String DATA_LOST = "hawser.cluster.data.lost";
	/** Counter: commands that Redis has not carried out, by {@code why}. */
	static final String FAILED = "hawser.cluster.redis.failed";
	/** Counter: handshakes at which the connections of this node alone counted. */
	static final String LIMITED_HERE = "hawser.cluster.limits.local";
	/** Timer: answers of Redis, by {@code command}. */
	static final String COMMANDS = "hawser.cluster.redis";

	/** Gauge: nodes that take part. */
	static final String NODES = "hawser.cluster.nodes";
	/** Gauge: nodes of a version that this one does not understand. */
	static final String INCOMPATIBLE = "hawser.cluster.incompatible";
	/** Gauge: 1 while this node can reach the others. */
	static final String UP = "hawser.cluster.up";
	/** Gauge: letters for other nodes that are under way. */
	static final String WAITING = "hawser.cluster.waiting";
	/** Gauge: users and groups whose last change Redis does not know yet. */
	static final String REGISTERING = "hawser.cluster.registering";
	/** Gauge: time from this node to itself through its inbox. */
	static final String DELAY = "hawser.cluster.inbox.delay";

	private static final String LIMITED = "Handshakes at which this node's connections alone counted, since Redis did not answer";

	private final MeterRegistry registry;

	ClusterMeters(MeterRegistry registry) {
		this.registry = registry;
		count(BATCHES, "Batches between nodes", 0, "direction", "out");
		count(BATCHES, "Batches between nodes", 0, "direction", "in");
		count(LOST, "Batches from other nodes that were lost", 0);
		skipped("unreadable", 0);
		failed(RedisFailure.AWAY, 0);
		count(BURIED, "Nodes that this one has buried", 0);
		count(FENCED, "How often others have buried this node", 0);
		count(DATA_LOST, "How often Redis has lost what it held", 0);
		count(LIMITED_HERE, LIMITED, 0);
	}

	/** Adds the gauges. */
	void watch(Cluster cluster) {
		ClusterNodes nodes = cluster.clusterNodes();
		gauge(NODES, "Nodes that take part, this one included", cluster, all -> nodes.live().size());
		gauge(INCOMPATIBLE, "Nodes of a version that this one does not understand", cluster, all -> nodes.table().foreign().size());
		gauge(UP, "1 while this node can reach the others", cluster, all -> nodes.isUp() ? 1 : 0);
		gauge(WAITING, "What is under way to other nodes", cluster, all -> all.forwarder().size());
		gauge(REGISTERING, "Users and groups whose last change Redis does not know yet", cluster, all -> all.registrations().waiting());
		Gauge.builder(DELAY, nodes, all -> all.probe().delay().toMillis() / 1_000.0).baseUnit("seconds").strongReference(true)
				.description("Time from this node to itself through its inbox").register(registry);
	}

	private void gauge(String name, String what, Cluster cluster, ToDoubleFunction<Cluster> value) {
		Gauge.builder(name, cluster, value).strongReference(true).description(what).register(registry);
	}

	private void count(String name, String what, double more, String... tags) {
		Counter.builder(name).description(what).tags(tags).register(registry).increment(more);
	}

	void sent() {
		count(BATCHES, "Batches between nodes", 1, "direction", "out");
	}

	void read() {
		count(BATCHES, "Batches between nodes", 1, "direction", "in");
	}

	void lost(long batches) {
		count(LOST, "Batches from other nodes that were lost", (double) batches);
	}

	void skipped(String why) {
		skipped(why, 1);
	}

	private void skipped(String why, double more) {
		count(SKIPPED, "Entries of the inbox that were left out", more, "why", why);
	}

	void buried() {
		count(BURIED, "Nodes that this one has buried", 1);
	}

	void fenced() {
		count(FENCED, "How often others have buried this node", 1);
	}

	void dataLost() {
		count(DATA_LOST, "How often Redis has lost what it held", 1);
	}

	void limitedHere() {
		count(LIMITED_HERE, LIMITED, 1);
	}

	/** Redis has not carried out a command, or has not answered. */
	void failed(RedisFailure failure) {
		failed(failure, 1);
	}

	private void failed(RedisFailure failure, double more) {
		count(FAILED, "Commands that Redis has not carried out or not answered, and connections that were not made", more, "why",
				failure.word());
	}

	void took(String command, long nanos) {
		Timer.builder(COMMANDS).tag("command", command).description("Time until Redis answers").register(registry)
				.record(Duration.ofNanos(nanos));
	}
}
