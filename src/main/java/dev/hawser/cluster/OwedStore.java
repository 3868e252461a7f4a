package dev.hawser.cluster;

import dev.hawser.cluster.Bridge.Left;
import dev.hawser.webhook.EventStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what this node owes to backends in Redis, so that another node delivers it when this one is dead; and delivers what dead nodes
 * have left. What cannot be written is in memory and in a local store until it can. Makes no threads; {@link #tick} does what waits.
 * Safe for any thread.
 */
final class OwedStore implements EventStore, Nodes.Listener {
	private static final long LONGEST_WAIT_MILLIS = 3_000;
	private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final OwedRedis redis;
	private final Bridge bridge;
	private final OwedLock lock = new OwedLock();
	private final Estates estates;
	private final OwedWriter writer;
	private volatile @Nullable Heir heir;

	/**
	 * @param local keeps what cannot be written to Redis
	 * @param wake  lets the thread of {@link #tick} call {@link #takeOver} soon
	 */
	OwedStore(OwedRedis redis, Nodes nodes, EventStore local, Runnable wake) {
		this.redis = redis;
		this.bridge = new Bridge(local);
		this.estates = new Estates(redis, nodes, lock, wake);
		this.writer = new OwedWriter(redis, nodes.self(), bridge, estates, lock);
	}

	@Override
	public void put(Kept entry) {
		lock.run(() -> writer.put(entry));
	}

	@Override
	public void putDurably(Kept entry) throws InterruptedException {
		if (!isTrueSoon(putAwaited(entry))) {
			keepLocally(entry);
		}
	}

	/** As {@link #put}. The future tells when the entry is in Redis: true, or cannot be written now: false. */
	CompletableFuture<Boolean> putAwaited(Kept entry) {
		return lock.get(() -> writer.putAwaited(entry));
	}

	private static boolean isTrueSoon(CompletableFuture<Boolean> future) throws InterruptedException {
		try {
			return future.get(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException e) {
			return false;
		}
	}

	/** Blocks until the entry is on the disk, unless it is in Redis after all. */
	private void keepLocally(Kept entry) throws InterruptedException {
		String place = bridged(entry);
		if (place != null) {
			bridge.awaitDurable(place, entry);
			if (!Objects.equals(place, bridged(entry))) {
				bridge.remove(place);
			}
		}
	}

	private @Nullable String bridged(Kept entry) {
		return lock.get(() -> {
			OwedRecord record = writer.find(entry.name());
			return record == null ? null : record.bridge;
		});
	}

	@Override
	public void remove(Kept entry) {
		lock.run(() -> writer.remove(entry));
	}

	@Override
	public void start(Heir heir) {
		lock.run(bridge::start);
		this.heir = heir;
	}

	/** Does what waits; called twice a second, by one thread, which may be blocked. */
	void tick() {
		lock.run(() -> {
			writer.tick();
			estates.tick();
		});
		takeOver();
		Heir now = heir;
		if (now != null) {
			takeLeft(now);
		}
	}

	/** Takes over what dead nodes have left, as far as there is room. On the thread of {@link #tick}. */
	void takeOver() {
		Heir now = heir;
		if (now != null) {
			lock.get(estates::mine).forEach(estate -> takeOver(now, estate));
		}
	}

	private void takeOver(Heir heir, Estate estate) {
		for (Map.Entry<String, byte[]> next = next(estate); next != null && heir.hasRoom(); next = next(estate)) {
			take(heir, estate, next.getKey(), next.getValue());
		}
		lock.run(() -> estates.readOn(estate));
	}

	private void take(Heir heir, Estate estate, String name, byte[] content) {
		boolean known = lock.get(() -> writer.find(name) != null);
		Kept kept = known ? null : heir.inherit(name, content);
		lock.run(() -> estates.took(estate, name, kept));
	}

	private Map.@Nullable Entry<String, byte[]> next(Estate estate) {
		return lock.get(() -> estates.next(estate));
	}

	/** Takes over what an earlier process of this node has left in the local store, unless an heir has it. */
	private void takeLeft(Heir heir) {
		for (String localName : lock.get(() -> List.copyOf(bridge.left().keySet()))) {
			Left left = Left.of(localName);
			if (left.isHereOnly()) {
				lock.run(() -> bridge.decided(localName, true));
			}
			else {
				var _ = redis.claim(left.home(), left.name(), left.firstBatch())
						.thenAccept(mine -> lock.run(() -> bridge.decided(localName, mine)));
			}
		}
		lock.get(() -> List.copyOf(bridge.claimed())).forEach(localName -> adopt(heir, localName));
	}

	private void adopt(Heir heir, String localName) {
		byte[] content = lock.get(() -> bridge.take(localName));
		Kept kept = heir.inherit(Left.of(localName).name(), content);
		if (kept == null) {
			bridge.remove(localName);
		}
		else {
			lock.run(() -> writer.adopt(kept, localName));
		}
	}

	@Override
	public void fenced(String before, String now) {
		lock.run(() -> {
			estates.dropAll();
			writer.rename(now);
		});
	}

	@Override
	public void buried(String node) {
		lock.run(() -> estates.add(node));
	}

	@Override
	public void lostData() {
		lock.run(writer::writeAll);
	}

	/** Every batch shows by its number whether Redis lacks one before. */
	@Override
	public void mayHaveLostData() {
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	@Override
	public long size() {
		return bridge.size();
	}

	@Override
	public boolean isFailing() {
		return lock.get(writer::isFailing);
	}

	/** Whose records this node writes. */
	String home() {
		return lock.get(() -> writer.own().home());
	}

	/** Writes what waits, for a moment; the other nodes deliver what is left. */
	@Override
	public void close() {
		long end = System.nanoTime() + CLOSING_NANOS;
		while (lock.get(writer::isWriting) && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
		OwedRecords own = lock.get(writer::own);
		CompletionStage<?> last = lock.get(own::isEmpty) ? redis.finish(own.home()) : redis.seal(own.home());
		try {
			boolean _ = isTrueSoon(last.handle((_, failure) -> failure == null).toCompletableFuture());
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		bridge.close();
	}
}
