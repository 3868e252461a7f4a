package dev.hawser.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Counts what happens between nodes. Safe for any thread. */
class ClusterMeters {
	/** Counter: batches sent to other nodes and read from them, by {@code direction}. */
	static final String BATCHES = "hawser.cluster.batches";
	/** Counter: orders passed on to other nodes, by {@code outcome}. */
	static final String ORDERS = "hawser.cluster.orders";
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
	/** Timer: answers of Redis, by {@code command}. */
	static final String COMMANDS = "hawser.cluster.redis";

	private final MeterRegistry registry;

	ClusterMeters(MeterRegistry registry) {
		this.registry = registry;
		count(LOST, "Batches from other nodes that were lost", 0);
		count(BURIED, "Nodes that this one has buried", 0);
		count(FENCED, "How often others have buried this node", 0);
		count(DATA_LOST, "How often Redis has lost what it held", 0);
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

	void passedOn(String outcome, int orders) {
		count(ORDERS, "What was passed on to other nodes, and what became of it", orders, "outcome", outcome);
	}

	void lost(long batches) {
		count(LOST, "Batches from other nodes that were lost", (double) batches);
	}

	void skipped(String why) {
		count(SKIPPED, "Entries of the inbox that were left out", 1, "why", why);
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

	void beatFailed(@Nullable Throwable cause) {
		failed(cause);
	}

	/** Redis has not carried out a command, or has not answered. */
	void failed(@Nullable Throwable cause) {
		count(FAILED, "Commands that Redis has not carried out or not answered", 1, "why", why(cause));
	}

	/** One of a few words: the first of Redis's own sentence, which is its code. */
	static String why(@Nullable Throwable cause) {
		return switch (cause) {
			case RedisAwayException _ -> "away";
			case RedisRefusedException refused -> {
				String code = String.valueOf(refused.getMessage()).split(" ", 2)[0].toLowerCase(Locale.ROOT);
				yield switch (code) {
					case "oom", "readonly", "loading", "moved", "clusterdown", "noperm", "wrongtype", "misconf", "noreplicas", "tryagain" ->
						code;
					default -> "refused";
				};
			}
			case null, default -> "silent";
		};
	}

	void took(String command, long nanos) {
		Timer.builder(COMMANDS).tag("command", command).description("Time until Redis answers").register(registry)
				.record(Duration.ofNanos(nanos));
	}
}
