package dev.hawser.connection;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** The end of all connections: newcomers are turned away, and the node waits for the last callbacks of those that are open. */
final class Departure {
	private final ReentrantLock lock = new ReentrantLock();
	private final Condition left = lock.newCondition();
	private final IntSupplier open;
	/** What every connection is closed with as soon as it opens; null for none. */
	private volatile @Nullable CloseStatus status;

	/** @param open how many connections are open */
	Departure(IntSupplier open) {
		this.open = open;
	}

	@Nullable
	CloseStatus status() {
		return status;
	}

	/** From now on this closes newcomers; null for nothing. */
	void turnAway(@Nullable CloseStatus newcomers) {
		status = newcomers;
	}

	/** Waits until none is open, at most so long. */
	void awaitLast(Duration wait) throws InterruptedException {
		lock.lock();
		try {
			for (long nanos = wait.toNanos(); open.getAsInt() > 0 && nanos > 0;) {
				nanos = left.awaitNanos(nanos);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** A connection is over. */
	void oneLess() {
		if (status == null) {
			return; // nothing waits
		}
		lock.lock();
		try {
			left.signalAll();
		}
		finally {
			lock.unlock();
		}
	}
}
