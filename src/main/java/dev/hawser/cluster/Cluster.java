package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import dev.hawser.push.RemotePush;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node as one of several: puts the parts of the protocol together and lets them run on two threads, one for all that is sent and
 * one for the inbox.
 */
final class Cluster implements RemotePush, Nodes.Listener, AutoCloseable {
	private static final Duration FAREWELL = Duration.ofSeconds(1);
	private static final int MARK = 6;

	private final Connections connections;
	private final Redis redis;
	private final ClusterMeters meters;
	private final ClusterThread thread = new ClusterThread("hawser-cluster");
	private final ClusterThread reading = new ClusterThread("hawser-inbox");
	private final AtomicLong probes = new AtomicLong();
	private final ClusterNodes nodes;
	private final Routing routing;
	private final Forwarder forwarder;
	private final Asks asks;
	private final Registrations registrations;
	private final LetterReader reader;
	private volatile Inbox inbox;

	/** @param hubs the names of all hubs */
	Cluster(Connections connections, LocalOrders orders, Redis redis, Supplier<Collection<String>> hubs, ClusterMeters meters) {
		this.connections = connections;
		this.redis = redis;
		this.meters = meters;
		nodes = new ClusterNodes(connections.node(), redis, thread, System::nanoTime, Instant::now, new Own(), random(12), meters);
		routing = new Routing(redis, nodes, hubs);
		forwarder = new Forwarder(redis, nodes, routing, thread, System::nanoTime, meters);
		asks = new Asks(forwarder, thread, System::nanoTime);
		registrations = new Registrations(redis, nodes, Registrations.members(connections), thread, nodes::mayPassOn, meters);
		reader = new LetterReader(orders, connections, nodes, forwarder, asks, thread);
		inbox = newInbox();
		nodes.add(this);
		nodes.add(forwarder);
		nodes.add(asks);
	}

	private Inbox newInbox() {
		return new Inbox(nodes.self(), redis, reading, System::nanoTime, reader, meters);
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
		connections.tell(registrations);
		thread.everyTick(() -> {
			nodes.tick();
			forwarder.tick();
			asks.tick();
			registrations.turn();
		});
		reading.everyTick(() -> inbox.tick());
		return this;
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

	Inbox inbox() {
		return inbox;
	}

	Registrations registrations() {
		return registrations;
	}

	@Override
	public String self() {
		return nodes.self();
	}

	@Override
	public CompletionStage<Passed> tell(Target target, Order order) {
		CompletableFuture<Passed> result = new CompletableFuture<>();
		forwarder.send(new Letter.Tell(target, order), target,
				sent -> result.complete(new Passed(sent.nodes().size(), sent.trouble(), 0, 0)));
		return result;
	}

	@Override
	public CompletionStage<Passed> ask(Target target, Order order) {
		Target asked = order instanceof Order.RevokeToken ? Target.hub("*") : target;
		return asks.ask(asked, order).thenApply(Asks.Answers::sum);
	}

	@Override
	public CompletionStage<@Nullable List<String>> nodes(Target target) {
		if (!nodes.mayPassOn()) {
			return CompletableFuture.completedStage(null);
		}
		return routing.look(List.of(target)).handle((known, _) -> known == null ? null : List.copyOf(routing.nodesOf(target, known)));
	}

	@Override
	public CompletionStage<@Nullable Outcome> ask(String node, Target target, Order order) {
		return asks.ask(node, target, order).thenApply(answers -> answers.outcomes().get(node));
	}

	/** Lets the others know at once that this node is there, and what it has. */
	@Override
	public void back() {
		nodes.live().stream().filter(node -> !node.equals(nodes.self())).forEach(node -> forwarder.send(new Letter.Mark(), node, _ -> {
		}));
	}

	@Override
	public void fenced(String before, String now) {
		connections.rename(now);
		Inbox old = inbox;
		old.close();
		inbox = newInbox();
		connections.tellAll(registrations);
		FencedClose.of(connections).start();
	}

	@Override
	public void buried(String node) {
		inbox.forget(node);
	}

	@Override
	public void lostData() {
		inbox.readAgain();
		connections.tellAll(registrations);
	}

	/** Leaves: the others need not find out that this node is silent. */
	@Override
	public void close() {
		thread.close();
		reading.close();
		if (nodes.mayPassOn()) {
			try {
				nodes.leave().toCompletableFuture().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
			}
			catch (ExecutionException | TimeoutException e) {
				meters.failed(RedisLink.cause(e.getCause()));
			}
		}
	}
}
