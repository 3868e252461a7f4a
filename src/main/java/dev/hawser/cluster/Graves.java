package dev.hawser.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Removes what dead nodes have left: soon after a burial their fields in the hashes of users, groups and addresses, page by page, and an hour
 * later once more, for what has come late; then the tombstone. One of the nodes does this, and another one begins anew when that one is
 * gone. Used by the thread of the cluster.
 */
final class Graves {
	private static final long REST = Duration.ofSeconds(5).toNanos();
	/** For how long a tombstone stays. A node that wakes up later finds out by the lack of its record that it was buried. */
	static final Duration KEPT = Duration.ofHours(1);

	private final Redis redis;
	private final Nodes nodes;
	private final Executor thread;
	private final BooleanSupplier mayWork;
	private final LongSupplier clock;
	private final long kept;
	private final Map<String, Grave> graves = new HashMap<>();
	private List<Grave> under = List.of();
	private @Nullable Object cursor;
	private boolean underWay;
	private long notBefore;

	/** A dead node, and when it is its turn next. */
	private static final class Grave {
		private final String node;
		private final String tombstone;
		private final long since;
		private boolean swept;

		Grave(String node, String tombstone, long since) {
			this.node = node;
			this.tombstone = tombstone;
			this.since = since;
		}
	}

	/**
	 * @param mayWork whether Redis would answer
	 * @param kept    for how long a tombstone stays
	 */
	Graves(Redis redis, Nodes nodes, Executor thread, BooleanSupplier mayWork, LongSupplier clock, Duration kept) {
		this.redis = redis;
		this.nodes = nodes;
		this.thread = thread;
		this.mayWork = mayWork;
		this.clock = clock;
		this.kept = kept.toNanos();
		this.notBefore = clock.getAsLong();
	}

	/**
	 * Called about ten times a second.
	 *
	 * @param tombstones all there are, by node
	 */
	void tick(Map<String, String> tombstones) {
		long now = clock.getAsLong();
		graves.values().removeIf(grave -> !grave.tombstone.equals(tombstones.get(grave.node)));
		tombstones.forEach((node, text) -> graves.computeIfAbsent(node, _ -> new Grave(node, text, now)));
		if (underWay || graves.isEmpty() || now - notBefore < 0 || !mayWork.getAsBoolean()) {
			return;
		}
		if (!nodes.live().stream().min(Comparator.naturalOrder()).orElse("").equals(nodes.self())) {
			under = List.of();
			return;
		}
		if (under.isEmpty()) {
			under = graves.values().stream().filter(grave -> now - grave.since > (grave.swept ? kept : Math.min(REST, kept))).toList();
			cursor = null;
		}
		if (!under.isEmpty()) {
			sweep();
		}
	}

	/** Removes the fields of these nodes on the next page of keys. */
	private void sweep() {
		underWay = true;
		List<Grave> some = under;
		Set<String> names = Set.copyOf(some.stream().map(grave -> grave.node).toList());
		var _ = redis.places(cursor).thenCompose(page -> redis.drop(page.keys(), names).thenApply(_ -> page))
				.whenCompleteAsync((page, _) -> {
					underWay = false;
					if (page == null || under != some) {
						under = List.of();
						notBefore = clock.getAsLong() + REST;
						return;
					}
					cursor = page.next();
					if (cursor == null) {
						under = List.of();
						finished(some);
					}
				}, thread);
	}

	private void finished(Collection<Grave> some) {
		long now = clock.getAsLong();
		for (Grave grave : new ArrayList<>(some)) {
			if (grave.swept && now - grave.since > kept) {
				var _ = redis.remove(grave.node, grave.tombstone);
			}
			grave.swept = true;
		}
	}
}
