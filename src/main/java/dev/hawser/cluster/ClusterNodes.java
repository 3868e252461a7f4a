package dev.hawser.cluster;

import dev.hawser.cluster.Confirmed.Loss;
import dev.hawser.cluster.NodeTable.Watch;
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
	/** A node that has not beaten for this long may have been buried, and passes nothing on before it has asked. */
	static final long DOUBT = Duration.ofSeconds(8).toNanos();
	/** For how long beats fail before Redis counts as away, if its connection stays. */
	private static final long SHORT = Duration.ofMillis(2_500).toNanos();

	/** What a node says of itself. */
	interface Self {
		/** Such as {@code up}. */
		String state();

		long connections();

		/** Whether Redis has been told of all users and groups since it was last known to have lost them. */
		boolean isRegistered();

		/** Another name for this node, never used before. */
		String newName(String before);

		/** Writes to this node's own inbox; {@link Probe#heard} is called when it comes back. */
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
	private volatile long lastBeat;
	private final Probe probe;
	private final Confirmed confirmed = new Confirmed();
	private final AtomicLong counter = new AtomicLong();
	/** When the last beat was sent that Redis has answered. */
	private long lastLook;
	/** Of the connection over which Redis has answered last. */
	private volatile long generation;
	private final BeatTimes times;
	private RedisFailure lastFailure = RedisFailure.AWAY;
	private long beats;
	private final ClusterMeters meters;

	/**
	 * @param thread runs what Redis answers, in order
	 * @param clock  nanoseconds, as {@link System#nanoTime}: it is never set
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
		long now = clock.getAsLong();
		this.times = new BeatTimes(now);
		this.probe = new Probe(clock);
		this.lastBeat = now - DOUBT;
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

	/** The other nodes whose users and groups Redis may not know now: what is for a user or group goes to them, too. */
	Set<String> unregistered() {
		return table.unregistered();
	}

	Confirmed confirmed() {
		return confirmed;
	}

	@Override
	public boolean isForeign(String node) {
		return table.foreign().contains(node);
	}

	@Override
	public boolean isCurrent() {
		return confirmed.counter() > 0 && isFresh(clock.getAsLong());
	}

	/** Whether the last look at the other nodes counts. */
	private boolean isFresh(long now) {
		return up && now - lastBeat < 2 * BeatTimes.BEAT;
	}

	/** Whether this node may pass anything on now: Redis answers, and has said lately that this node is not buried. */
	boolean mayPassOn() {
		return up && redis.isUp() && knowsRedis() && clock.getAsLong() - lastBeat < DOUBT;
	}

	/** Whether this node has seen the table of all nodes as it was after this time, on its clock. On the thread of the cluster. */
	boolean hasLookedSince(long time) {
		return lastLook - time > 0;
	}

	/** Whether Redis has answered a beat over the connection that there is now: another one may lead to a Redis that lacks the last changes. */
	boolean knowsRedis() {
		return redis.generation() == generation;
	}

	/** Redis answers, or has done so very lately. */
	boolean isUp() {
		return up;
	}

	long now() {
		return clock.getAsLong();
	}

	/** What this node sends to itself with each beat. */
	Probe probe() {
		return probe;
	}

	NodeRecord ownRecord() {
		String registered = own.isRegistered() ? confirmed.epoch() : "";
		return new NodeRecord(counter.get(), Batch.VERSION, own.state(), own.connections(), registered);
	}

	/** What the last beats have shown of the others. */
	NodeTable table() {
		return table;
	}

	/** Called about ten times a second. */
	void tick() {
		long now = clock.getAsLong();
		if (times.isDue(now, redis.generation())) {
			beat(now);
		}
		if (isFresh(now)) {
			burials.accuse(self, now);
		}
		if (up && (now - lastBeat > SHORT || !redis.isUp())) {
			goAway();
		}
	}

	/** As {@link #beatSoon}, for any thread. */
	void lookSoon() {
		thread.execute(this::beatSoon);
	}

	/** The next tick beats. */
	void beatSoon() {
		times.soon(clock.getAsLong());
	}

	private void beat(long now) {
		times.begins(now);
		if (probe.renew()) {
			counter.incrementAndGet();
		}
		String name = self;
		String record = ownRecord().text();
		long sent = counter.get();
		long over = redis.generation();
		var _ = redis.beat(name, record, confirmed.counter(), confirmed.epoch(), epochIfNone + '.' + ++beats)
				.whenCompleteAsync((answer, failure) -> {
					times.ends();
					meters.took("beat", clock.getAsLong() - now);
					if (answer != null) {
						lastLook = now;
						generation = over;
						beaten(now, sent, answer);
					}
					else {
						failed(now, RedisLink.cause(failure));
					}
				}, thread);
	}

	private void failed(long since, @Nullable Throwable cause) {
		lastFailure = RedisFailure.of(cause);
		times.failed(clock.getAsLong());
		boolean isDeaf = !(cause instanceof RedisAwayException) && !(cause instanceof RedisRefusedException);
		if (isDeaf && clock.getAsLong() - lastBeat > SHORT && clock.getAsLong() - since > BeatTimes.BEAT / 2) {
			redis.reconnect();
		}
	}

	private void goAway() {
		up = false;
		LOG.warn("Redis does not take what this node writes ({}): the node serves its own clients only, until it does",
				(redis.isUp() || lastFailure == RedisFailure.READONLY ? lastFailure : RedisFailure.AWAY).word()); // READONLY ends its connection
		listeners.forEach(Listener::away);
	}

	/** @param begun when the beat was sent: what Redis says holds for that time, however late this node reads it */
	private void beaten(long begun, long sent, Redis.Beat answer) {
		long now = clock.getAsLong();
		boolean watchAnew = now - lastBeat > 2 * BeatTimes.BEAT;
		lastBeat = begun;
		lastFailure = RedisFailure.AWAY;
		boolean wasAway = !up;
		up = true;
		if (NodeRecord.isTombstone(answer.table().getOrDefault(self, "")) || confirmed.isForgotten(answer)) {
			fenced(answer);
			return;
		}
		Loss loss = confirmed.take(answer, sent);
		Map<String, String> others = answer.table();
		others.remove(self);
		Watch watch = watchAnew ? Watch.BEGINS_ANEW : Watch.GOES_ON;
		NodeTable.Changes changes = table.take(others, now, loss == Loss.NONE ? watch : Watch.AFTER_LOSS, answer.epoch());
		changes.buried().forEach(this::logBuried);
		refresh();
		if (wasAway) {
			LOG.info("Redis answers: this node is {}, and there are {} others", self, live.size() - 1);
			listeners.forEach(Listener::back);
		}
		probe.send();
		own.probe(self);
		changes.buried().keySet().forEach(node -> listeners.forEach(each -> each.buried(node)));
		burials.retain(table);
		burials.accuse(self, now); // at once: a node that beats changes its record soon
		lost(loss);
	}

	private void lost(Loss loss) {
		switch (loss) {
			case NONE -> {
			}
			case POSSIBLE -> {
				LOG.info("Redis is another process than before, and may lack its last changes: this node writes everything again");
				listeners.forEach(Listener::mayHaveLostData);
			}
			case CERTAIN -> {
				LOG.warn("Redis has lost what it held, or its last changes: this node writes everything again");
				meters.dataLost();
				listeners.forEach(Listener::lostData);
			}
		}
	}

	private void refresh() {
		Set<String> now = new HashSet<>(table.seen().keySet());
		now.addAll(table.missing().keySet());
		now.removeIf(table::isDead);
		now.add(self);
		live = Set.copyOf(now);
	}

	private void logBuried(String node, String by) {
		if (live.contains(node)) {
			LOG.warn("Node {} was silent, and {} has buried it", node, by);
		}
	}

	private void fenced(Redis.Beat answer) {
		if (confirmed.isOfAnother(answer)) {
			listeners.forEach(Listener::lostData); // first: what Redis has lost no other node has taken over
		}
		String before = self;
		String now = own.newName(before);
		LOG.warn("This node, {}, was silent for too long, and was buried: it closes its connections and goes on as {}", before, now);
		meters.fenced();
		self = now;
		counter.set(0);
		confirmed.beginAnew(answer.epoch());
		probe.beginAnew();
		table.clear();
		refresh();
		beatSoon();
		listeners.forEach(each -> each.fenced(before, now));
	}

	/** Removes this node from the table, with its inbox. */
	CompletionStage<Long> leave() {
		String name = self;
		return redis.beat(name, new NodeRecord(counter.get(), Batch.VERSION, "gone", 0, null).text(), 0, "", epochIfNone)
				.thenCompose(answer -> {
					String last = answer.table().getOrDefault(name, "");
					return NodeRecord.isTombstone(last) ? CompletableFuture.completedStage(false) : redis.remove(name, last);
				}).thenCompose(_ -> redis.forget(name));
	}
}
