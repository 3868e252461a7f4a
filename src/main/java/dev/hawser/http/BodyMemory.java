package dev.hawser.http;

import dev.hawser.connection.limit.MemoryBudget;
import java.util.concurrent.locks.ReentrantLock;

/** What has been read of a request's body, counted among the memory of all clients until the request is over. Any thread may call. */
final class BodyMemory {
	private final MemoryBudget.Account account;
	private final ReentrantLock lock = new ReentrantLock();
	private long charged;
	private boolean over;

	/** @param holder must end the request */
	BodyMemory(MemoryBudget memory, MemoryBudget.Holder holder) {
		this.account = memory.open(holder);
	}

	/** This many more bytes have been read. */
	void add(long bytes) {
		lock.lock();
		try {
			if (!over) {
				charged += bytes;
				account.add(bytes);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** The request is over. */
	void release() {
		lock.lock();
		try {
			over = true;
			account.add(-charged);
			account.close();
			charged = 0;
		}
		finally {
			lock.unlock();
		}
	}
}
