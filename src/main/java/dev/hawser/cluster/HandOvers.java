package dev.hawser.cluster;

import dev.hawser.connection.Connections;
import dev.hawser.connection.Luggage;
import dev.hawser.connection.Move;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.webhook.WebhookLuggage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connections on their way from this node to others, see {@link Step}. Safe for any thread. */
final class HandOvers implements Nodes.Listener {
	private static final long LONGEST = Duration.ofSeconds(16).toNanos();
	/** Bytes that may be under way; a larger connection goes alone. */
	private static final long MOST_UNDER_WAY = 8L * 1024 * 1024;
	/** Most bytes of one connection: they must fit on a link. */
	private static final int LARGEST = 12 * 1024 * 1024;

	private final Connections connections;
	private final ClusterNodes nodes;
	private final Forwarder forwarder;
	private final Supplier<WebhookLuggage> webhooks;
	/** Held while this node's own messages cannot be sent. */
	private final Lock alone;
	private final ReentrantLock lock = new ReentrantLock();
	private final Condition fewer = lock.newCondition();
	private final Map<HandOver.Key, HandOver> open = new HashMap<>();
	private final AtomicLong underWay = new AtomicLong();
	private volatile @Nullable FencedClose closing;

	HandOvers(Connections connections, ClusterNodes nodes, Forwarder forwarder, Supplier<WebhookLuggage> webhooks, Lock alone) {
		this.connections = connections;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.webhooks = webhooks;
		this.alone = alone;
	}

	/** Another node has taken a step. On the thread of the inbox. */
	void read(String source, long number, Step step) {
		switch (step) {
			case Step.Fetch fetch -> fetched(new HandOver.Key(source, number), fetch);
			case Step.Turn turn -> turned(new HandOver.Key(source, number), turn);
			case Step.Cut(String taker) -> cut(new HandOver.Key(taker, number), source);
			case Step.Taken _ -> taken(new HandOver.Key(source, number));
			case Step.Dropped _ -> dropped(new HandOver.Key(source, number));
			case Step.Gone _,Step.Busy _,Step.Offer _,Step.Part _ -> {
			}
		}
	}

	private void answer(HandOver.Key to, Step step) {
		forwarder.send(new Letter.Moving(to.number(), step), to.taker(), _ -> {
		});
	}

	private void fetched(HandOver.Key key, Step.Fetch fetch) {
		FencedClose ending = closing;
		if (ending != null && ending.isOf(fetch.connectionId())) {
			answer(key, new Step.Gone());
			return;
		}
		Step answer;
		lock.lock();
		try {
			boolean moves = open.values().stream()
					.anyMatch(other -> !other.left && other.move.connection().isNamed(fetch.connectionId()));
			Move move = moves || underWay.get() > MOST_UNDER_WAY ? null : Move.begin(connections, fetch.hub(), fetch.connectionId());
			if (move == null) {
				answer = moves || underWay.get() > MOST_UNDER_WAY ? new Step.Busy() : new Step.Gone();
			}
			else {
				HandOver leaving = new HandOver(key, move, nodes.now());
				open.put(key, leaving);
				answer = new Step.Offer(leaving.userId, List.copyOf(leaving.groups));
			}
		}
		finally {
			lock.unlock();
		}
		answer(key, answer);
	}

	private void turned(HandOver.Key key, Step.Turn turn) {
		String self = nodes.self();
		Step cut = new Step.Cut(key.taker());
		if (!turn.owner().equals(self)) {
			forwarder.send(new Letter.Moving(key.number(), cut), Set.of(key.taker(), turn.owner()), _ -> {
			});
			return;
		}
		HandOver leaving;
		alone.lock();
		try {
			leaving = find(key);
			if (leaving == null) {
				return;
			}
			leaving.move.cut(self);
			answer(key, cut);
		}
		finally {
			alone.unlock();
		}
		lock.lock();
		try {
			leaving.cuts.add(self);
			leaving.sources = Set.copyOf(turn.sources());
		}
		finally {
			lock.unlock();
		}
		leaveIfCut(leaving);
	}

	private @Nullable HandOver find(HandOver.Key key) {
		return locked(() -> open.get(key));
	}

	private <T extends @Nullable Object> T locked(Supplier<T> question) {
		lock.lock();
		try {
			return question.get();
		}
		finally {
			lock.unlock();
		}
	}

	private void cut(HandOver.Key key, String source) {
		HandOver leaving = find(key);
		if (leaving != null) {
			leaving.move.cut(source);
			boolean _ = locked(() -> leaving.cuts.add(source));
			leaveIfCut(leaving);
		}
	}

	private void leaveIfCut(HandOver leaving) {
		boolean now;
		lock.lock();
		try {
			now = leaving.isCut() && !leaving.leaving;
			leaving.leaving |= now;
		}
		finally {
			lock.unlock();
		}
		WebSocketConnection connection = leaving.move.connection();
		if (now && !leaving.isAsOffered(connection.userId(), connection.groups())) {
			stay(leaving, new Step.Busy());
		}
		else if (now) {
			Thread.ofVirtual().name("hawser-leaving").start(() -> leaving.move.finish(luggage -> leave(leaving, luggage)));
		}
	}

	private void leave(HandOver leaving, @Nullable Luggage luggage) {
		if (luggage == null) {
			stay(leaving, leaving.move.connection().isOpen() ? new Step.Busy() : new Step.Gone());
			return;
		}
		boolean wanted;
		lock.lock();
		try {
			leaving.left = true;
			wanted = open.containsKey(leaving.key);
		}
		finally {
			lock.unlock();
		}
		Thread.ofVirtual().name("hawser-leaving").start(() -> send(leaving, luggage,
				wanted && leaving.isAsOffered(luggage.userId(), luggage.identity().groups())));
	}

	private void send(HandOver leaving, Luggage luggage, boolean wanted) {
		byte[] packed = null;
		try {
			do {
				packed = webhooks.get().pack(leaving.move.connection().getAttributes());
			}
			while (packed == null && find(leaving.key) != null); // an event is being delivered, and the taker waits
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		byte[] bytes = packed == null || !wanted ? null : new LuggageCodec(luggage, packed).bytes();
		if (bytes == null || bytes.length > LARGEST) {
			lost(leaving);
			return;
		}
		Shipment shipment = new Shipment(leaving.key, bytes, forwarder, underWay);
		leaving.shipment = shipment;
		shipment.send();
	}

	private void stay(HandOver leaving, Step why) {
		close(leaving.key);
		leaving.move.cancel();
		answer(leaving.key, why);
	}

	private @Nullable HandOver close(HandOver.Key key) {
		lock.lock();
		try {
			fewer.signalAll();
			return open.remove(key);
		}
		finally {
			lock.unlock();
		}
	}

	private void taken(HandOver.Key key) {
		HandOver leaving = close(key);
		if (leaving != null) {
			webhooks.get().arrived(leaving.move.connection().getAttributes());
		}
	}

	private void dropped(HandOver.Key key) {
		HandOver leaving = find(key);
		if (leaving != null && leaving.left) {
			lost(leaving);
		}
		else if (leaving != null) {
			close(key);
			leaving.move.cancel();
		}
	}

	/** The connection is on no node: its client begins anew. */
	private void lost(HandOver leaving) {
		if (close(leaving.key) != null) {
			answer(leaving.key, new Step.Gone());
			Thread.ofVirtual().start(() -> webhooks.get().lost(leaving.move.connection().getAttributes()));
		}
	}

	private List<HandOver> all() {
		return locked(() -> List.copyOf(open.values()));
	}

	/** Called about ten times a second. */
	void tick() {
		for (HandOver leaving : all()) {
			if (!leaving.left && nodes.now() - leaving.since > LONGEST) {
				stay(leaving, new Step.Busy());
			}
			else if (leaving.left && nodes.table().hasLeft(leaving.key.taker())) {
				lost(leaving);
			}
			else {
				Shipment shipment = leaving.shipment;
				if (shipment != null && nodes.mayPassOn()) {
					shipment.send();
				}
			}
		}
	}

	@Override
	public void buried(String node) {
		for (HandOver leaving : all()) {
			Set<String> sources = leaving.sources;
			if (leaving.key.taker().equals(node)) {
				dropped(leaving.key);
			}
			else if (!leaving.leaving && sources != null && sources.contains(node)) {
				stay(leaving, new Step.Busy());
			}
		}
	}

	@Override
	public void fenced(String before, String now) {
		all().stream().filter(leaving -> !leaving.left).forEach(leaving -> stay(leaving, new Step.Busy()));
	}

	/** As {@link Moves#endsHere}. */
	void endsHere(FencedClose ending) {
		closing = ending;
	}

	/** Waits until other nodes have all connections that have left this one, at most for this time. */
	void awaitTaken(Duration longest) throws InterruptedException {
		lock.lock();
		try {
			for (long nanos = longest.toNanos(); !open.isEmpty() && nanos > 0;) {
				nanos = fewer.awaitNanos(nanos);
			}
		}
		finally {
			lock.unlock();
		}
	}
}
