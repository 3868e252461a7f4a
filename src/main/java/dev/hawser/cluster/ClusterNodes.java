package dev.hawser.cluster;

import dev.hawser.cluster.NodeTable.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once a second that this node lives, sees which others do, and buries those that are silent:
 *
 * <pre>
 *  beat ──▶ the table of all nodes ──▶ a counter stands still for 10 s ──▶ bury (one survivor wins) ──▶ buried
 *                                 └──▶ this node is buried ──▶ a new name, and everything anew ──▶ fenced
 * </pre>
 *
 * A node's counter only rises when it has heard itself through its own inbox since the beat before: one that is deaf is buried, too. While
 * its own beats fail a node accuses no other, so an outage of Redis kills none. All methods but those of {@link Nodes} are called on
 * the thread of the cluster; time is what the clock says, so that a test can be the clock.
 */
final class ClusterNodes implements Nodes {
	private static final Logger LOG = LoggerFactory.getLogger(ClusterNodes.class);
	static final long BEAT = Duration.ofSeconds(1).toNanos();
	/** A node that has not beaten for this long may have been buried, and passes nothing on before it has asked. */
	static final long DOUBT = Duration.ofSeconds(8).toNanos();
	/** For how long beats fail before Redis counts as away, if its connection stays. */
	private static final long SHORT = Duration.ofMillis(2_500).toNanos();

	/** What a node says of itself. */
	interface Self {
		/** Such as {@code up}. */
		String state();

		long connections();

		/** Another name for this node, never used before. */
		String newName(String before);

		/** Writes to this node's own inbox; {@link ClusterNodes#heard} is called when it comes back. */
		void probe(String node);
	}

	private final Redis redis;
	private final Executor thread;
	private final LongSupplier clock;
	private final Self own;
	private final String epochIfNone;
	private final List<Listener> listeners = new CopyOnWriteArrayList<>();
	private final NodeTable table = new NodeTable();
	private final Burials burials;
	private volatile String self;
	private volatile Set<String> live;
	private volatile boolean up;
	private volatile boolean heard = true;
	private volatile long lastBeat;
	private volatile long probed;
	private volatile long delay;
	private @Nullable String epoch;
	private final AtomicLong counter = new AtomicLong();
	private long lastCounter;
	private boolean underWay;
	private long nextBeat;
	private long beats;
	private final ClusterMeters meters;

	/**
	 * @param thread runs what Redis answers, in order
	 * @param clock  nanoseconds, which go on evenly
	 * @param time   what is written for people
	 */
	ClusterNodes(String self, Redis redis, Executor thread, LongSupplier clock, Supplier<Instant> time, Self own, String epochIfNone,
			ClusterMeters meters) {
		this.self = self;
		this.live = Set.of(self);
		this.redis = redis;
		this.thread = thread;
		this.clock = clock;
		this.own = own;
		this.epochIfNone = epochIfNone;
		this.meters = meters;
		this.burials = new Burials(redis, thread, table, time, this::beatSoon, meters);
		this.nextBeat = clock.getAsLong();
		this.lastBeat = nextBeat - DOUBT;
	}

	@Override
	public String self() {
		return self;
	}

	@Override
	public Set<String> live() {
		return live;
	}

	@Override
	public void add(Listener listener) {
		listeners.add(listener);
	}

	/** Whether the node is known to be dead. False for one that is not known at all. */
	boolean isDead(String node) {
		return table.isDead(node);
	}

	/** Whether this node may pass anything on now: Redis answers, and has said lately that this node is not buried. */
	boolean mayPassOn() {
		return up && redis.isUp() && clock.getAsLong() - lastBeat < DOUBT;
	}

	/** Redis answers, or has done so very lately. */
	boolean isUp() {
		return up;
	}

	long now() {
		return clock.getAsLong();
	}

	/** A probe of this node has come back. Any thread may call. */
	void heard() {
		heard = true;
		delay = clock.getAsLong() - probed;
	}

	/** How long what was sent last to this node's own inbox has taken, or takes already. */
	Duration inboxDelay() {
		return Duration.ofNanos(heard ? delay : clock.getAsLong() - probed);
	}

	/** What this node says of itself now. */
	NodeRecord ownRecord() {
		return new NodeRecord(counter.get(), Batch.VERSION, own.state(), own.connections());
	}

	Map<String, Seen> seen() {
		return table.seen();
	}

	Set<String> foreign() {
		return table.foreign();
	}

	/** Called about ten times a second. */
	void tick() {
		long now = clock.getAsLong();
		if (!underWay && now - nextBeat >= 0) {
			beat(now);
		}
		if (up && now - lastBeat < 2 * BEAT) {
			burials.accuse(self, now);
		}
		if (up && (now - lastBeat > SHORT || !redis.isUp())) {
			goAway();
		}
	}

	/** The next tick beats. */
	void beatSoon() {
		nextBeat = clock.getAsLong();
	}

	private void beat(long now) {
		underWay = true;
		nextBeat = now + BEAT;
		if (heard) {
			counter.incrementAndGet();
			heard = false;
		}
		String name = self;
		String record = ownRecord().text();
		long sent = counter.get();
		var _ = redis.beat(name, record, lastCounter, epochIfNone + '.' + ++beats).whenCompleteAsync((answer, failure) -> {
			underWay = false;
			meters.took("beat", clock.getAsLong() - now);
			if (answer != null) {
				beaten(sent, answer);
			}
			else {
				failed(now, RedisLink.cause(failure));
			}
		}, thread);
	}

	private void failed(long since, @Nullable Throwable cause) {
		meters.beatFailed(cause);
		nextBeat = Math.min(nextBeat, clock.getAsLong() + BEAT / 3);
		boolean isDeaf = !(cause instanceof RedisAwayException) && !(cause instanceof RedisRefusedException);
		if (isDeaf && clock.getAsLong() - lastBeat > SHORT && clock.getAsLong() - since > BEAT / 2) {
			redis.reconnect();
		}
	}

	private void goAway() {
		up = false;
		LOG.warn("Redis does not answer: this node serves its own clients only, until it does");
		listeners.forEach(Listener::away);
	}

	private void beaten(long sent, Redis.Beat answer) {
		long now = clock.getAsLong();
		boolean watchAnew = now - lastBeat > 2 * BEAT;
		lastBeat = now;
		boolean wasAway = !up;
		up = true;
		if (NodeRecord.isTombstone(answer.table().getOrDefault(self, ""))) {
			fenced(answer);
			return;
		}
		boolean lost = (epoch != null && !epoch.equals(answer.epoch())) || isRolledBack(answer.before());
		epoch = answer.epoch();
		lastCounter = sent;
		Map<String, String> others = answer.table();
		others.remove(self);
		NodeTable.Changes changes = table.take(others, now, watchAnew);
		changes.buried().forEach(this::logBuried);
		refresh();
		if (wasAway) {
			LOG.info("Redis answers: this node is {}, and there are {} others", self, live.size() - 1);
			listeners.forEach(Listener::back);
		}
		if (!heard) {
			probed = now;
		}
		own.probe(self);
		changes.buried().keySet().forEach(node -> listeners.forEach(each -> each.buried(node)));
		burials.retain(table.seen().keySet());
		if (lost) {
			LOG.warn("Redis has lost what it held, or its last changes: this node writes everything again");
			meters.dataLost();
			listeners.forEach(Listener::lostData);
		}
	}

	private void refresh() {
		Set<String> now = new HashSet<>(table.seen().keySet());
		now.add(self);
		live = Set.copyOf(now);
	}

	/** Redis does not know what it has confirmed to this node. */
	private boolean isRolledBack(@Nullable String before) {
		NodeRecord known = before == null ? null : NodeRecord.of(before);
		return lastCounter > 0 && (known == null || known.counter() < lastCounter);
	}

	private void logBuried(String node, String by) {
		if (live.contains(node)) {
			LOG.warn("Node {} was silent, and {} has buried it", node, by);
		}
	}

	private void fenced(Redis.Beat answer) {
		String before = self;
		String now = own.newName(before);
		LOG.warn("This node, {}, was silent for too long, and was buried: it closes its connections and goes on as {}", before, now);
		meters.fenced();
		self = now;
		counter.set(0);
		lastCounter = 0;
		heard = true;
		epoch = answer.epoch();
		table.clear();
		refresh();
		nextBeat = clock.getAsLong();
		listeners.forEach(each -> each.fenced(before, now));
	}

	/** Removes this node from the table, with its inbox. */
	CompletionStage<Long> leave() {
		String name = self;
		return redis.beat(name, new NodeRecord(counter.get(), Batch.VERSION, "gone", 0).text(), 0, epochIfNone)
				.thenCompose(answer -> {
					String last = answer.table().getOrDefault(name, "");
					return NodeRecord.isTombstone(last) ? CompletableFuture.completedStage(false) : redis.remove(name, last);
				}).thenCompose(_ -> redis.forget(name));
	}
}
