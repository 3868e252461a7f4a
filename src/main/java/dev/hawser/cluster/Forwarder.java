package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.push.RemotePush.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings letters to other nodes: takes them in their order, looks for all of a few hundred at once where their targets are, and puts them on
 * the links. Any thread may hand in letters; all else runs on the thread of the cluster.
 */
final class Forwarder implements Nodes.Listener {
	/** For how long a letter may be under way before its sender is told that it is not there. */
	static final long PATIENCE = Duration.ofMillis(1_900).toNanos();
	private static final int AT_ONCE = 256;
	/** Letters and bytes that may be under way in all. */
	private static final int MOST_LETTERS = 20_000;
	private static final long MOST_BYTES = 32L * 1024 * 1024;

	private final Redis redis;
	private final ClusterNodes nodes;
	private final Routing routing;
	private final Tasks thread;
	private final LongSupplier clock;
	private final ClusterMeters meters;
	private final Queue<Outgoing> incoming = new ConcurrentLinkedQueue<>();
	private final AtomicInteger letters = new AtomicInteger();
	private final AtomicLong bytes = new AtomicLong();
	private final Rounds rounds;
	private final Map<String, Link> links = new HashMap<>();
	private boolean looking;

	Forwarder(Redis redis, ClusterNodes nodes, Routing routing, Tasks thread, LongSupplier clock, ClusterMeters meters) {
		this.redis = redis;
		this.nodes = nodes;
		this.routing = routing;
		this.thread = thread;
		this.clock = clock;
		this.meters = meters;
		this.rounds = new Rounds(thread, clock, this::turn);
	}

	/**
	 * Hands in a letter for the other nodes of a target.
	 *
	 * @param done told once what has become of it, on the calling thread or on that of the cluster
	 */
	void send(Letter letter, Target target, Consumer<Outgoing> done) {
		send(letter.bytes(), target, null, done);
	}

	/** Hands in a letter for one node. */
	void send(Letter letter, String node, Consumer<Outgoing> done) {
		send(letter, Set.of(node), done);
	}

	/** Hands in a letter for these nodes: all that is handed in before gets to each of them before, and all that is handed in later after it. */
	void send(Letter letter, Set<String> to, Consumer<Outgoing> done) {
		send(letter.bytes(), null, to, done);
	}

	private void send(byte[] letter, @Nullable Target target, @Nullable Set<String> to, Consumer<Outgoing> done) {
		Outgoing outgoing = new Outgoing(letter, target, to, clock.getAsLong(), ended -> {
			letters.decrementAndGet();
			bytes.addAndGet(-letter.length);
			done.accept(ended);
		});
		int count = letters.incrementAndGet();
		if (bytes.addAndGet(letter.length) > MOST_BYTES || count > MOST_LETTERS) {
			outgoing.giveUp(Trouble.OVERLOADED);
		}
		else if (!nodes.mayPassOn()) {
			outgoing.giveUp(Trouble.AWAY);
		}
		else {
			incoming.add(outgoing);
			rounds.wake();
		}
	}

	private void turn() {
		if (looking) {
			return;
		}
		List<Outgoing> some = new ArrayList<>();
		while (some.size() < AT_ONCE) {
			Outgoing next = incoming.poll();
			if (next == null) {
				break;
			}
			some.add(next);
		}
		if (!some.isEmpty()) {
			look(some);
		}
	}

	private void look(List<Outgoing> some) {
		if (!nodes.mayPassOn()) {
			some.forEach(each -> each.giveUp(Trouble.AWAY));
			turn();
			return;
		}
		looking = true;
		List<Target> targets = new ArrayList<>();
		for (Outgoing each : some) {
			Target target = each.target;
			if (target != null) {
				targets.add(target);
			}
		}
		var _ = routing.look(targets).thenAcceptAsync(known -> {
			looking = false;
			some.forEach(each -> address(each, known));
			flush();
			goOn(some.size());
		}, thread);
	}

	/** After so many letters: when there were as many as can be looked for at once, the next ones wait already. */
	private void goOn(int before) {
		if (before == AT_ONCE) {
			turn();
		}
		else if (!incoming.isEmpty()) {
			rounds.wake();
		}
	}

	private void address(Outgoing letter, Routing.Known known) {
		Target target = letter.target;
		Set<String> named = letter.to;
		Set<String> to = named != null ? named : target == null ? Set.of() : routing.nodesOf(target, known);
		if (target != null && known.lacks(target)) {
			letter.addressed();
			letter.failed(Trouble.AWAY);
		}
		for (String node : to) {
			letter.addressed();
			if (nodes.isDead(node) || nodes.isForeign(node)) {
				letter.failed(Trouble.AWAY);
			}
			else {
				links.computeIfAbsent(node, name -> new Link(name, redis, this::completed, meters)).add(letter);
			}
		}
		letter.routed();
	}

	/** Runs what a link does after an answer of Redis, then sends what may be sent now. */
	private void completed(Runnable answer) {
		thread.execute(() -> {
			answer.run();
			flush();
		});
	}

	private void flush() {
		if (nodes.mayPassOn()) {
			links.values().forEach(link -> link.flush(nodes.self()));
		}
	}

	/** Called about ten times a second. */
	void tick() {
		long before = clock.getAsLong() - PATIENCE;
		links.values().forEach(link -> {
			link.expire(before);
			link.rested();
		});
		links.entrySet().removeIf(link -> link.getValue().isOver(nodes.isLive(link.getKey()), clock.getAsLong()));
		flush();
		turn();
	}

	@Override
	public void buried(String node) {
		Link link = links.remove(node);
		if (link != null) {
			link.close();
		}
	}

	@Override
	public void fenced(String before, String now) {
		links.values().forEach(Link::close);
		links.clear();
	}

	/** What was in the inboxes may be gone: the next numbers show the others whether it is. */
	@Override
	public void lostData() {
		links.values().forEach(Link::settle);
		flush();
	}

	/** Letters that are under way. */
	int size() {
		return letters.get();
	}
}
