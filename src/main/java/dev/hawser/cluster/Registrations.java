package dev.hawser.cluster;

import dev.hawser.connection.MembershipListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes into Redis which users, groups and addresses have connections on this node. What is written is always the number that there is,
 * so it does no harm to write it twice; and for each of them one write is under way at a time, so the last one counts. The number of those
 * with a limit includes the connections that are about to open. Any thread may tell of changes; all else runs on the thread of the
 * cluster.
 */
final class Registrations implements MembershipListener, Nodes.Listener {
	private static final int AT_ONCE = 1_000;
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	private final Redis redis;
	private final Nodes nodes;
	private final ToIntFunction<Place> members;
	private final Tasks thread;
	private final BooleanSupplier mayWrite;
	private final Set<Place> changed = ConcurrentHashMap.newKeySet();
	/** Changed by the thread of the cluster alone. */
	private final Set<Place> underWay = ConcurrentHashMap.newKeySet();
	private final Rounds rounds;
	private final Queue<Entering> incoming = new ConcurrentLinkedQueue<>();
	/** Who waits until no write of the place is under way. */
	private final Map<Place, List<Entering>> entering = new LinkedHashMap<>();
	/** How many connections are about to open, which have their place already. */
	private final PlaceCounts promised = new PlaceCounts();
	/** What Redis has of places with such connections: when they open, nothing has to be written. */
	private final Map<Place, Integer> written = new HashMap<>();
	private final Confirmations confirmations = new Confirmations();

	/** A connection that is about to open. */
	private record Entering(Place place, int limit, CompletableFuture<Boolean> answer) {
	}
	/** What is to be written before Redis knows everything again. Changed by the thread of the cluster alone. */
	private final Set<Place> owed = new HashSet<>();

	/**
	 * @param members the number of connections that a place has on this node
	 * @param clock   nanoseconds, as {@link System#nanoTime}
	 */
	Registrations(Redis redis, Nodes nodes, ToIntFunction<Place> members, Tasks thread, LongSupplier clock, BooleanSupplier mayWrite) {
		this.redis = redis;
		this.nodes = nodes;
		this.members = members;
		this.thread = thread;
		this.rounds = new Rounds(thread, clock, this::turn);
		this.mayWrite = mayWrite;
	}

	@Override
	public void userChanged(String hub, String userId) {
		changed(new Place(Place.Kind.USER, hub, userId));
	}

	@Override
	public void groupChanged(String hub, String group) {
		changed(new Place(Place.Kind.GROUP, hub, group));
	}

	@Override
	public void connectionChanged(String connectionId) {
		changed(Place.ofConnection(connectionId));
	}

	/** Whether Redis knows the last change of this place. On the thread of the cluster. */
	boolean isWritten(Place place) {
		return !changed.contains(place) && !underWay.contains(place);
	}

	/** The number of connections of the place has changed. */
	void changed(Place place) {
		if (changed.add(place)) {
			rounds.wake();
		}
	}

	/**
	 * Promises a place to a connection that is about to open, if all nodes together stay within the limit. The promise ends with {@link
	 * #opened} or {@link #leave}.
	 *
	 * @return whether there was room; fails when Redis does not say
	 */
	CompletableFuture<Boolean> enter(Place place, int limit) {
		Entering one = new Entering(place, limit, new CompletableFuture<>());
		incoming.add(one);
		rounds.wake();
		return one.answer;
	}

	/** The connection is open, and counts itself. */
	void opened(Place place, CompletableFuture<Boolean> promise) {
		if (!promise.complete(false) && !promise.isCompletedExceptionally() && promise.join()) {
			promised.remove(place);
		}
	}

	/** There is no connection. */
	void leave(Place place, CompletableFuture<Boolean> promise) {
		opened(place, promise);
		changed(place);
	}

	/**
	 * Completes when the other nodes can know what has changed in these places so far; at once while Redis does not answer, and after a
	 * second at the latest.
	 */
	CompletionStage<Void> known(Collection<Place> places) {
		CompletableFuture<?>[] all = places.stream().filter(place -> changed.contains(place) || underWay.contains(place)).map(place -> {
			CompletableFuture<Void> written = new CompletableFuture<>();
			thread.execute(() -> await(place, () -> written.complete(null)));
			return written;
		}).toArray(CompletableFuture<?>[]::new);
		return all.length == 0 ? CompletableFuture.completedStage(null)
				: CompletableFuture.allOf(all).completeOnTimeout(null, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void await(Place place, Runnable then) {
		if (mayWrite.getAsBoolean() && changed.contains(place)) {
			confirmations.ofNextWrite(place, then);
		}
		else if (mayWrite.getAsBoolean() && underWay.contains(place)) {
			confirmations.ofThisWrite(place, then);
		}
		else {
			then.run();
		}
	}

	/** Called about ten times a second, too, for what could not be written before. */
	void turn() {
		for (Entering next = incoming.poll(); next != null; next = incoming.poll()) {
			entering.computeIfAbsent(next.place, _ -> new ArrayList<>()).add(next);
		}
		if (!mayWrite.getAsBoolean()) {
			entering.values().forEach(some -> some.forEach(one -> one.answer.completeExceptionally(new RedisAwayException())));
			entering.clear();
			confirmations.giveUp();
			return;
		}
		Iterator<Map.Entry<Place, List<Entering>>> waiting = entering.entrySet().iterator();
		while (waiting.hasNext()) {
			Map.Entry<Place, List<Entering>> some = waiting.next();
			if (underWay.add(some.getKey())) {
				waiting.remove();
				enter(some.getKey(), some.getValue(), List.of());
			}
		}
		Iterator<Place> next = changed.iterator();
		while (next.hasNext() && underWay.size() < AT_ONCE) {
			Place place = next.next();
			if (underWay.add(place)) { // first: a place that has changed is always in one of the two sets until Redis knows it
				next.remove();
				write(place);
			}
		}
	}

	/** @param ignored nodes that do not count */
	private void enter(Place place, List<Entering> some, Collection<String> ignored) {
		changed.remove(place);
		confirmations.began(place);
		String self = nodes.self();
		int own = count(place);
		var _ = redis.enter(place, self, own, some.size(), some.getLast().limit, ignored).whenCompleteAsync((entered, failure) -> {
			if (entered == null) {
				some.forEach(one -> one.answer.completeExceptionally(failure));
				failed(place);
				return;
			}
			some.subList(0, entered.granted()).forEach(this::promise);
			wrote(place, self, own + entered.granted());
			List<Entering> rest = some.subList(entered.granted(), some.size());
			List<String> gone = entered.others().stream().filter(node -> !nodes.isLive(node)).toList();
			if (!rest.isEmpty() && !gone.isEmpty()) {
				enter(place, rest, gone);
			}
			else {
				rest.forEach(one -> one.answer.complete(false));
				done(place);
			}
		}, thread);
	}

	private void promise(Entering one) {
		promised.add(one.place);
		if (!one.answer.complete(true)) { // it was not waited for
			promised.remove(one.place);
			changed.add(one.place);
		}
	}

	private int count(Place place) {
		return members.applyAsInt(place) + promised.of(place);
	}

	private void write(Place place) {
		confirmations.began(place);
		String self = nodes.self();
		int count = count(place);
		Integer known = written.get(place);
		if (known != null && known == count) {
			wrote(place, self, count);
			underWay.remove(place);
			return;
		}
		var _ = redis.put(place, self, value(place, count)).whenCompleteAsync((_, failure) -> {
			if (failure != null) {
				failed(place);
			}
			else {
				wrote(place, self, count);
				done(place);
			}
		}, thread);
	}

	/** Redis has what this node has written under this name. */
	private void wrote(Place place, String self, int count) {
		confirmations.wrote(place);
		if (!changed.contains(place)) {
			owed.remove(place);
		}
		if (!self.equals(nodes.self())) {
			changed.add(place);
		}
		else if (promised.has(place) || entering.containsKey(place)) {
			written.put(place, count);
		}
		else {
			written.remove(place);
		}
	}

	private void failed(Place place) {
		confirmations.failed(place);
		written.remove(place);
		changed.add(place);
		underWay.remove(place);
	}

	private void done(Place place) {
		underWay.remove(place);
		if (!changed.isEmpty() || entering.containsKey(place)) {
			rounds.wake();
		}
	}

	private static @Nullable String value(Place place, int count) {
		if (count == 0) {
			return null;
		}
		return place.kind() == Place.Kind.GROUP || place.kind() == Place.Kind.CONNECTION ? "1" : Integer.toString(count);
	}

	/**
	 * Redis has lost what it had, or this node has another name: everything is to be written.
	 *
	 * @param tellAll tells this of all users, groups and addresses
	 */
	void writeAll(Runnable tellAll) {
		written.clear();
		changed.addAll(promised.places());
		tellAll.run();
		owed.addAll(changed);
		owed.addAll(underWay);
	}

	boolean isComplete() {
		return owed.isEmpty();
	}

	/** Users, groups and addresses whose last change Redis does not know yet. */
	int waiting() {
		return changed.size() + underWay.size();
	}
}
