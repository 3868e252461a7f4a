package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Newcomer;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Order;
import dev.hawser.subprotocol.Recovery;
import dev.hawser.webhook.WebhookLuggage;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The connections that move from one node to another, from this one and to it. Safe for any thread. */
final class Moves implements Recovery, Nodes.Listener {
	/** Shared by all who send messages of this node, and held alone by those who divide them. */
	private final ReentrantReadWriteLock sending = new ReentrantReadWriteLock();
	private final ClusterNodes nodes;
	private final ExpectedPlaces expected = new ExpectedPlaces();
	private final TakeOvers takeOvers;
	private final HandOvers handOvers;

	Moves(Connections connections, LocalOrders orders, ClusterNodes nodes, Routing routing, Forwarder forwarder, ClusterThread thread,
			Supplier<WebhookLuggage> webhooks) {
		this.nodes = nodes;
		takeOvers = new TakeOvers(nodes, routing, forwarder, orders, webhooks, thread, sending.writeLock(), expected);
		handOvers = new HandOvers(connections, nodes, forwarder, webhooks, sending.writeLock());
	}

	void registerIn(Registrations registrations) {
		expected.registerIn(registrations);
	}

	/** Connections that a place is going to have. */
	int expected(Place place) {
		return expected.count(place);
	}

	/** Whether the target has a connection that is on its way here, and gets what is sent now when it is here. */
	boolean expects(Target target) {
		return expected.has(target);
	}

	@Override
	public void bringHere(Newcomer newcomer) {
		takeOvers.bringHere(newcomer);
	}

	/** Delivers on this node and passes on, as one step. */
	<T> T together(Supplier<T> step) {
		sending.readLock().lock();
		try {
			return step.get();
		}
		finally {
			sending.readLock().unlock();
		}
	}

	/**
	 * Whether there is another node to which clients may go: one that takes connections, and is not dead. While Redis is away for a moment, or
	 * the others are slow, there still is: a connection for which there is none ends. Any thread may ask.
	 */
	boolean haveWhereTo() {
		long before = nodes.now() - Burials.SILENCE;
		return nodes.table().seen().values().stream().anyMatch(seen -> seen.record().state().equals("up") && seen.since() - before > 0);
	}

	/** A node has taken a step. On the thread of the inbox, as the two below. */
	void read(String source, long number, Step step) {
		boolean mine = switch (step) {
			case Step.Cut(String taker) -> taker.equals(nodes.self());
			case Step.Gone _,Step.Busy _,Step.Offer _,Step.Part _ -> true;
			case Step.Fetch _,Step.Turn _,Step.Taken _,Step.Dropped _ -> false;
		};
		if (mine) {
			takeOvers.read(source, number, step);
		}
		else {
			handOvers.read(source, number, step);
		}
	}

	/** This has been carried out for the connections that are here. */
	void passed(String source, Target target, Order order) {
		takeOvers.passed(source, target, order);
	}

	/** Batches for this node are missing. */
	void lost() {
		takeOvers.lost();
	}

	/** Called about ten times a second, on the thread of the cluster. */
	void tick() {
		takeOvers.tick();
		handOvers.tick();
	}

	@Override
	public void buried(String node) {
		takeOvers.buried(node);
		handOvers.buried(node);
	}

	/** What was registered for connections on their way is lost. */
	@Override
	public void lostData() {
		lost();
	}

	@Override
	public void fenced(String before, String now) {
		takeOvers.fenced(before, now);
		handOvers.fenced(before, now);
	}

	/** These connections are closed, and do not move any more. */
	void endsHere(FencedClose closing) {
		handOvers.endsHere(closing);
	}

	/** Waits until other nodes have all connections that have left this one, at most for this time. */
	void awaitTaken(Duration longest) throws InterruptedException {
		handOvers.awaitTaken(longest);
	}
}
