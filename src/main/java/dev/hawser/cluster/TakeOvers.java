package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Newcomer;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Order;
import dev.hawser.push.RemotePush.Trouble;
import dev.hawser.subprotocol.Recovery;
import dev.hawser.webhook.WebhookLuggage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;

/** The connections on their way to this node, see {@link Step}. Safe for any thread. */
final class TakeOvers implements Recovery, Nodes.Listener {
	private static final Logger LOG = LoggerFactory.getLogger(TakeOvers.class);
	/** Longer than it takes to bury a node that is asked and does not answer. */
	private static final long LONGEST = Duration.ofSeconds(14).toNanos();
	private static final int MOST = 5_000;

	private final ClusterNodes nodes;
	private final Routing routing;
	private final Forwarder forwarder;
	private final LocalOrders orders;
	private final Supplier<WebhookLuggage> webhooks;
	private final ClusterThread thread;
	/** Held while this node's own messages cannot be sent. */
	private final Lock alone;
	private final ReentrantLock lock = new ReentrantLock();
	private final Map<Long, TakeOver> open = new HashMap<>();
	private final ExpectedPlaces expected;
	private final OrderLog log;
	private final AtomicLong last = new AtomicLong();
	private final Endings endings;

	/** @param alone keeps others from sending messages of this node while it is held */
	TakeOvers(ClusterNodes nodes, Routing routing, Forwarder forwarder, LocalOrders orders, Supplier<WebhookLuggage> webhooks,
			ClusterThread thread, Lock alone, ExpectedPlaces expected) {
		this.nodes = nodes;
		this.routing = routing;
		this.forwarder = forwarder;
		this.orders = orders;
		this.webhooks = webhooks;
		this.thread = thread;
		this.alone = alone;
		this.expected = expected;
		this.log = new OrderLog(nodes::now);
		this.endings = new Endings(nodes, forwarder);
	}

	@Override
	public void bringHere(Newcomer newcomer) {
		if (!nodes.mayPassOn() || locked(open::size) >= MOST) {
			newcomer.refuse(CloseReasons.NOT_YET_RECOVERED);
			return;
		}
		TakeOver fresh = new TakeOver(last.incrementAndGet(), newcomer, nodes.now());
		TakeOver _ = locked(() -> open.put(fresh.number, fresh));
		Target where = Target.connection(newcomer.connectionId());
		var _ = routing.look(List.of(where)).whenCompleteAsync(
				(known, _) -> ask(fresh, known == null || known.lacks(where) ? null : routing.nodesOf(where, known)), thread);
	}

	/** @param where null when that is not known */
	private void ask(TakeOver one, @Nullable Set<String> where) {
		if (where != null) {
			where.retainAll(nodes.live());
		}
		if (where == null || where.isEmpty()) {
			end(one, where == null ? CloseReasons.NOT_YET_RECOVERED : CloseReasons.NOT_RECOVERED);
			return;
		}
		boolean _ = locked(() -> one.asked.addAll(where));
		tell(one, where, new Step.Fetch(one.newcomer.connectionId(), one.newcomer.hub()));
	}

	private void tell(TakeOver one, Set<String> to, Step step) {
		forwarder.send(new Letter.Moving(one.number, step), to, sent -> {
			if (sent.trouble() != Trouble.NONE) {
				end(one, CloseReasons.NOT_YET_RECOVERED);
			}
		});
	}

	/** Another node has taken a step. On the thread of the inbox. */
	void read(String source, long number, Step step) {
		boolean ready = false;
		TakeOver one;
		lock.lock();
		try {
			one = open.get(number);
			if (one == null) {
				return;
			}
			switch (step) {
				case Step.Gone _ -> one.asked.remove(source);
				case Step.Offer offer when one.owner == null -> offered(one, source, offer);
				case Step.Cut _ -> one.cuts.putIfAbsent(source, log.end());
				case Step.Part part when source.equals(one.owner) -> one.add(part);
				default -> {
				}
			}
			ready = one.isReady() && !one.completing;
			one.completing |= ready;
		}
		finally {
			lock.unlock();
		}
		if (ready) {
			complete(one);
		}
		else if (step instanceof Step.Busy) {
			end(one, CloseReasons.NOT_YET_RECOVERED);
		}
		else if (step instanceof Step.Gone && (one.asked.isEmpty() || source.equals(one.owner))) {
			end(one, CloseReasons.NOT_RECOVERED);
		}
	}

	private void offered(TakeOver one, String owner, Step.Offer offer) {
		one.owner = owner;
		one.phase = TakeOver.Phase.REGISTERING;
		String hub = one.newcomer.hub();
		one.places.add(Place.ofConnection(one.newcomer.connectionId()));
		if (offer.userId() != null) {
			one.places.add(new Place(Place.Kind.USER, hub, offer.userId()));
		}
		offer.groups().forEach(group -> one.places.add(new Place(Place.Kind.GROUP, hub, group)));
		expected.add(one.places);
	}

	/** Called about ten times a second, on the thread of the cluster. */
	void tick() {
		if (nodes.mayPassOn()) {
			endings.tick();
		}
		for (TakeOver one : all()) {
			if (nodes.now() - one.since > LONGEST || (one.phase == TakeOver.Phase.CUTTING && log.hasOverflowed())) {
				end(one, CloseReasons.NOT_YET_RECOVERED);
				continue;
			}
			switch (one.phase) {
				case REGISTERING -> {
					if (expected.areWritten(one.places)) {
						one.registered = nodes.now();
						one.phase = TakeOver.Phase.LOOKING;
						nodes.beatSoon();
					}
				}
				case LOOKING -> {
					if (nodes.hasLookedSince(one.registered)) {
						cut(one);
					}
				}
				case ASKING, CUTTING -> {
				}
			}
		}
	}

	private List<TakeOver> all() {
		return locked(() -> List.copyOf(open.values()));
	}

	private <T> T locked(Supplier<T> question) {
		lock.lock();
		try {
			return question.get();
		}
		finally {
			lock.unlock();
		}
	}

	/** Everything that is sent from now on gets here, too. Asks all nodes to say where that begins. */
	private void cut(TakeOver one) {
		String owner = Objects.requireNonNull(one.owner);
		String self = nodes.self();
		alone.lock();
		try {
			lock.lock();
			try {
				one.phase = TakeOver.Phase.CUTTING;
				one.sources = nodes.live();
				one.logged = log.begin();
				one.cuts.put(self, one.logged);
			}
			finally {
				lock.unlock();
			}
			tell(one, Set.of(owner), new Step.Cut(self));
		}
		finally {
			alone.unlock();
		}
		Step turn = new Step.Turn(owner, List.copyOf(one.sources));
		one.sources.stream().filter(node -> !node.equals(self)).forEach(node -> tell(one, Set.of(node), turn));
	}

	/** This has come to this node, or is sent by it; it has been carried out for the connections that are here. */
	void passed(String source, Target target, Order order) {
		log.add(source, target, order);
	}

	/** On the thread of the inbox, so that nothing of other nodes comes meanwhile. */
	private void complete(TakeOver one) {
		Object kept;
		alone.lock();
		try {
			LuggageCodec arrived = LuggageCodec.read(one.luggage());
			kept = webhooks.get().unpack(arrived.ofWebhooks());
			WebSocketConnection connection = one.newcomer.take(arrived.luggage(), WebhookLuggage.ATTRIBUTE, kept);
			orders.arrived(connection);
			log.replay(one.cuts, orders.of(connection));
			if (log.hasOverflowed()) {
				connection.close(CloseReasons.MESSAGES_LOST);
			}
		}
		catch (RuntimeException e) {
			LOG.error("A connection that has come from another node could not be taken over", e);
			finish(one, new Step.Dropped());
			one.newcomer.refuse(CloseReasons.NOT_RECOVERED);
			return;
		}
		finally {
			alone.unlock();
		}
		Object value = kept;
		Thread.ofVirtual().name("hawser-taken").start(() -> {
			one.newcomer.begin();
			try {
				webhooks.get().keep(value);
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
			}
			finish(one, new Step.Taken());
		});
	}

	private void end(TakeOver one, CloseStatus why) {
		if (locked(() -> !one.completing && open.remove(one.number) != null)) {
			finish(one, new Step.Dropped());
			one.newcomer.refuse(why);
		}
	}

	/** It is not on its way any more. */
	private void finish(TakeOver one, Step step) {
		String owner;
		lock.lock();
		try {
			owner = one.owner;
			open.remove(one.number);
			expected.remove(one.places);
			one.places.clear();
			log.forget(open.values().stream().mapToLong(other -> other.logged).min().orElse(Long.MAX_VALUE));
		}
		finally {
			lock.unlock();
		}
		if (owner != null) {
			endings.tell(one.number, owner, step);
		}
	}

	/** A node that dies may have got a message to one of two nodes: then the owner keeps the connection. */
	@Override
	public void buried(String node) {
		for (TakeOver one : all()) {
			if (node.equals(one.owner)) {
				end(one, CloseReasons.NOT_RECOVERED);
			}
			else if (one.sources.contains(node)) {
				end(one, CloseReasons.NOT_YET_RECOVERED);
			}
			else if (one.owner == null && one.asked.contains(node)) {
				read(node, one.number, new Step.Gone());
			}
		}
	}

	@Override
	public void fenced(String before, String now) {
		all().forEach(one -> end(one, CloseReasons.NOT_YET_RECOVERED));
		endings.forget(); // the owner hears that the node before is dead
	}

	/** Batches for this node are missing: of a connection on its way it is not known whether it has all. */
	void lost() {
		all().forEach(one -> end(one, CloseReasons.NOT_YET_RECOVERED));
	}
}
