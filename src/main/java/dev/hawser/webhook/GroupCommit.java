package dev.hawser.webhook;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes durable in groups: one commit for all changes that came during the last one. A commit of its own for each would make
 * every handshake wait for all that came before.
 */
final class GroupCommit implements AutoCloseable {
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final Runnable commit;
	private final ReentrantLock lock = new ReentrantLock();
	private final Condition changed = lock.newCondition();
	private final Thread thread;
	/** Completes when the changes since the last commit began are durable; null while there are none. */
	private @Nullable CompletableFuture<Void> group;
	private boolean closed;

	/** @param commit makes all changes durable; may throw, which is told to those who wait */
	GroupCommit(Runnable commit) {
		this.commit = commit;
		this.thread = Thread.ofPlatform().daemon().name("hawser-webhook-store").start(this::run);
	}

	/** There is a change; the returned future completes when it is durable. */
	CompletableFuture<Void> changed() {
		lock.lock();
		try {
			if (closed) {
				return CompletableFuture.completedFuture(null);
			}
			if (group == null) {
				group = new CompletableFuture<>();
				changed.signal();
			}
			return group;
		}
		finally {
			lock.unlock();
		}
	}

	/** Blocks until a change is durable, or cannot be made so, or the disk takes too long. */
	static void await(CompletableFuture<Void> durable) throws InterruptedException {
		try {
			durable.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException e) {
			// the store has logged it and works on in memory
		}
	}

	private void run() {
		for (CompletableFuture<Void> next = next(); next != null; next = next()) {
			try {
				commit.run();
				next.complete(null);
			}
			catch (RuntimeException e) {
				next.completeExceptionally(e);
			}
		}
	}

	/** Waits for a change; null when it is closed and all changes are durable. */
	private @Nullable CompletableFuture<Void> next() {
		lock.lock();
		try {
			while (group == null && !closed) {
				changed.awaitUninterruptibly();
			}
			CompletableFuture<Void> taken = group;
			group = null;
			return taken;
		}
		finally {
			lock.unlock();
		}
	}

	/** Makes the last changes durable. */
	@Override
	public void close() {
		lock.lock();
		try {
			closed = true;
			changed.signal();
		}
		finally {
			lock.unlock();
		}
		try {
			thread.join();
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}
}
