package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import dev.hawser.push.RemotePush;
import dev.hawser.webhook.WebhookLuggage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as one of several: puts the parts of the protocol together and lets them run on two threads, one for all that is sent and
 * one for the inbox.
 */
final class Cluster implements RemotePush, Nodes.Listener, AutoCloseable {
	private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
	private static final Duration FAREWELL = Duration.ofSeconds(1);
	private static final int MARK = 6;

	private final Connections connections;
	private final Redis redis;
	private final Supplier<Collection<String>> hubs;
	private final ClusterThread thread = new ClusterThread("hawser-cluster");
	private final ClusterThread reading = new ClusterThread("hawser-inbox");
	private final AtomicLong probes = new AtomicLong();
	private final ClusterNodes nodes;
	private final Routing routing;
	private final Forwarder forwarder;
	private final Asks asks;
	private final Moves moves;
	private final Registrations registrations;
	private final ClusterLimits limits;
	private final Graves graves;
	private final Mail mail;
	private final AtomicBoolean left = new AtomicBoolean();

	/** @param hubs the names of all hubs */
	Cluster(Connections connections, LocalOrders orders, Redis redis, Supplier<Collection<String>> hubs, Supplier<WebhookLuggage> webhooks,
			ClusterMeters meters) {
		this.connections = connections;
		this.redis = redis;
		this.hubs = hubs;
		nodes = new ClusterNodes(connections.node(), redis, thread, System::nanoTime, Instant::now, new Own(), random(12), meters);
		routing = new Routing(redis, nodes, hubs);
		forwarder = new Forwarder(redis, nodes, routing, thread, System::nanoTime, meters);
		asks = new Asks(forwarder, thread, System::nanoTime);
		moves = new Moves(connections, orders, nodes, routing, forwarder, thread, webhooks);
		registrations = new Registrations(redis, nodes, this::members, thread, System::nanoTime, nodes::mayPassOn);
		moves.registerIn(registrations);
		graves = new Graves(redis, nodes, thread, nodes::mayPassOn, System::nanoTime, Graves.KEPT);
		limits = new ClusterLimits(registrations, nodes::mayPassOn, System::nanoTime, meters);
		mail = new Mail(nodes, redis, forwarder, reading, System::nanoTime,
				new LetterReader(orders, connections, nodes, forwarder, asks, moves, this::known, thread), meters);
		nodes.add(this);
		nodes.add(mail);
		nodes.add(forwarder);
		nodes.add(asks);
		nodes.add(moves);
	}

	private int members(Place place) {
		return moves.expected(place) + switch (place.kind()) {
			case USER -> connections.ofUser(place.hub(), place.name()).size();
			case GROUP -> connections.ofGroup(place.hub(), place.name()).size();
			case ADDRESS -> limits.ofAddress(place);
			case CONNECTION -> connections.hasRecovered(place.name()) ? 1 : 0;
		};
	}

	private static String random(int length) {
		return UUID.randomUUID().toString().replace("-", "").substring(0, length);
	}

	/** What this node says of itself. */
	private final class Own implements ClusterNodes.Self {
		@Override
		public String state() {
			return connections.isTurningAway() ? "draining" : "up";
		}

		@Override
		public long connections() {
			return connections.size();
		}

		@Override
		public boolean isRegistered() {
			return registrations.isComplete();
		}

		@Override
		public String newName(String before) {
			int mark = before.lastIndexOf('-');
			return mark < 0 ? random(8) : before.substring(0, mark + 1) + random(MARK);
		}

		@Override
		public void probe(String node) {
			Letter probe = new Letter.Probe(probes.incrementAndGet());
			var _ = redis.append(node, Batch.bytes(node, 0, List.of(probe.bytes())));
		}
	}

	/** Begins to take part. */
	Cluster start() {
		connections.tell(limits);
		connections.moveTo(moves::haveWhereTo);
		thread.everyTick(() -> {
			nodes.tick();
			forwarder.tick();
			asks.tick();
			limits.tick();
			registrations.turn();
			graves.tick(nodes.table().tombstones());
			moves.tick();
		});
		reading.everyTick(() -> mail.inbox().tick());
		return this;
	}

	Moves moves() {
		return moves;
	}

	Nodes nodes() {
		return nodes;
	}

	ClusterNodes clusterNodes() {
		return nodes;
	}

	Forwarder forwarder() {
		return forwarder;
	}

	Registrations registrations() {
		return registrations;
	}

	ClusterLimits limits() {
		return limits;
	}

	@Override
	public String self() {
		return nodes.self();
	}

	@Override
	public <T> T together(Supplier<T> step) {
		return moves.together(step);
	}

	@Override
	public CompletionStage<Passed> tell(Target target, Order order) {
		moves.passed(nodes.self(), target, order);
		int expected = moves.expects(target) ? 1 : 0;
		CompletableFuture<Passed> result = new CompletableFuture<>();
		forwarder.send(new Letter.Tell(target, order), target,
				sent -> result.complete(new Passed(sent.nodes().size() + expected, sent.trouble(), 0, 0)));
		return result;
	}

	@Override
	public CompletionStage<Passed> ask(Target target, Order order) {
		moves.passed(nodes.self(), target, order);
		Target asked = order instanceof Order.RevokeToken ? Target.everyHub() : target;
		return asks.ask(asked, order).thenApply(Asks.Answers::sum);
	}

	@Override
	public CompletionStage<Void> known(Collection<String> groups) {
		return registrations.known(hubs.get().stream()
				.flatMap(hub -> groups.stream().map(group -> new Place(Place.Kind.GROUP, hub, group))).toList());
	}

	@Override
	public CompletionStage<@Nullable List<String>> nodes(Target target) {
		if (!nodes.mayPassOn()) {
			return CompletableFuture.completedStage(null);
		}
		return routing.look(List.of(target)).thenApply(known -> known.lacks(target) ? null : List.copyOf(routing.nodesOf(target, known)));
	}

	@Override
	public CompletionStage<@Nullable Outcome> ask(String node, Target target, Order order) {
		return asks.ask(node, target, order).thenApply(answers -> answers.outcomes().get(node));
	}

	/** Redis may have lost the last that it was told. */
	@Override
	public void back() {
		writeAll();
	}

	@Override
	public void fenced(String before, String now) {
		connections.rename(now);
		writeAll();
		moves.endsHere(FencedClose.of(connections).start());
	}

	@Override
	public void lostData() {
		writeAll();
	}

	private void writeAll() {
		registrations.writeAll(() -> {
			limits.writeAll();
			connections.tellAll(registrations);
		});
	}

	/** Leaves: the others need not find out that this node is silent. Does nothing the second time. */
	@Override
	public void close() {
		if (left.getAndSet(true)) {
			return;
		}
		boolean reachesOthers = nodes.mayPassOn();
		awaitWritten(System.nanoTime() + FAREWELL.toNanos());
		thread.close();
		reading.close();
		if (reachesOthers) {
			try {
				nodes.leave().toCompletableFuture().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
			}
			catch (ExecutionException | TimeoutException e) {
				LOG.debug("The others will find out that this node has left", e);
			}
		}
	}

	/** Lets the connections that have just ended be removed: no other node does that for one that leaves. */
	private void awaitWritten(long end) {
		while (nodes.mayPassOn() && registrations.waiting() > 0 && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
	}
}
