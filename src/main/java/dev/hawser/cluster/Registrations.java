package dev.hawser.cluster;

import dev.hawser.connection.Connections;
import dev.hawser.connection.MembershipListener;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes into Redis which users and groups have connections on this node. What is written is always the number that there is, so it does
 * no harm to write it twice; and for each user or group one write is under way at a time, so the last one counts. Any thread may tell of
 * changes; all else runs on the thread of the cluster.
 */
final class Registrations implements MembershipListener, Nodes.Listener {
	private static final int AT_ONCE = 1_000;

	private final Redis redis;
	private final Nodes nodes;
	private final ToIntFunction<Place> members;
	private final Executor thread;
	private final BooleanSupplier mayWrite;
	private final ClusterMeters meters;
	private final Set<Place> changed = ConcurrentHashMap.newKeySet();
	private final Set<Place> underWay = new HashSet<>();
	private final AtomicInteger writes = new AtomicInteger();
	private final AtomicBoolean woken = new AtomicBoolean();

	/** @param members the number of connections that a place has on this node */
	Registrations(Redis redis, Nodes nodes, ToIntFunction<Place> members, Executor thread, BooleanSupplier mayWrite,
			ClusterMeters meters) {
		this.redis = redis;
		this.nodes = nodes;
		this.members = members;
		this.thread = thread;
		this.mayWrite = mayWrite;
		this.meters = meters;
	}

	/** How many connections a place has. */
	static ToIntFunction<Place> members(Connections connections) {
		return place -> switch (place.kind()) {
			case USER -> connections.ofUser(place.hub(), place.name()).size();
			case GROUP -> connections.ofGroup(place.hub(), place.name()).size();
		};
	}

	@Override
	public void userChanged(String hub, String userId) {
		changed(new Place(Place.Kind.USER, hub, userId));
	}

	@Override
	public void groupChanged(String hub, String group) {
		changed(new Place(Place.Kind.GROUP, hub, group));
	}

	private void changed(Place place) {
		if (changed.add(place) && woken.compareAndSet(false, true)) {
			thread.execute(this::turn);
		}
	}

	/** Called about ten times a second, too, for what could not be written before. */
	void turn() {
		woken.set(false);
		if (!mayWrite.getAsBoolean()) {
			return;
		}
		Iterator<Place> next = changed.iterator();
		while (next.hasNext() && underWay.size() < AT_ONCE) {
			Place place = next.next();
			if (!underWay.contains(place)) {
				write(place, next);
			}
		}
	}

	private void write(Place place, Iterator<Place> dueNext) {
		underWay.add(place);
		writes.incrementAndGet();
		dueNext.remove();
		int count = members.applyAsInt(place);
		var _ = redis.put(place, nodes.self(), value(place, count)).whenCompleteAsync((_, failure) -> {
			underWay.remove(place);
			if (failure != null) {
				meters.failed(RedisLink.cause(failure));
				changed.add(place);
			}
			writes.decrementAndGet();
			if (failure == null && changed.contains(place)) {
				turn();
			}
		}, thread);
	}

	private static @Nullable String value(Place place, int count) {
		if (count == 0) {
			return null;
		}
		return place.kind() == Place.Kind.GROUP ? "1" : Integer.toString(count);
	}

	/** Users and groups whose last change Redis does not know yet. */
	int waiting() {
		return changed.size() + writes.get();
	}
}
