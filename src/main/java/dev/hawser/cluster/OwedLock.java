package dev.hawser.cluster;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lock of an {@link OwedStore}, under which everything that the store knows is read and changed. */
final class OwedLock {
	private final ReentrantLock lock = new ReentrantLock();

	boolean isHeld() {
		return lock.isHeldByCurrentThread();
	}

	void run(Runnable change) {
		lock.lock();
		try {
			change.run();
		}
		finally {
			lock.unlock();
		}
	}

	<T extends @Nullable Object> T get(Supplier<T> reading) {
		lock.lock();
		try {
			return reading.get();
		}
		finally {
			lock.unlock();
		}
	}

	/** What is to be done when Redis answers, with the lock taken for it then. */
	<T> BiConsumer<T, Throwable> then(BiConsumer<T, Throwable> action) {
		return (answer, failure) -> run(() -> action.accept(answer, failure));
	}
}
