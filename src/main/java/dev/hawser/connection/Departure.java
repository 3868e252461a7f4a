package dev.hawser.connection;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Closes new connections while this node is emptied, and waits for the last callbacks of the open ones. */
final class Departure {
	private final ReentrantLock lock = new ReentrantLock();
	private final Condition left = lock.newCondition();
	private final IntSupplier open;
	/** The status with which every new connection is closed at once; null when new connections are accepted. */
	private volatile @Nullable CloseStatus status;

	/** @param open how many connections are open */
	Departure(IntSupplier open) {
		this.open = open;
	}

	@Nullable
	CloseStatus status() {
		return status;
	}

	/** Closes new connections with this status from now on; null accepts them again. */
	void turnAway(@Nullable CloseStatus newcomers) {
		status = newcomers;
	}

	/** Waits until no connection is open, at most for this time. */
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

	/** A connection has ended. */
	void oneLess() {
		if (status == null) {
			return; // no thread waits
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
