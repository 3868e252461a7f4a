package dev.hawser.connection.limit;

import dev.hawser.protocol.OutgoingFrame;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds the memory that all clients together make this process hold: unfinished messages, messages that wait for a callback or for
 * a client that reads slowly, and what compression keeps between messages.
 *
 * <p>Each holder has an {@link Account}. It is charged only for what stays behind after a read or a write, so that a message that
 * is read, handled and answered at once changes nothing here. Above three quarters of the budget memory {@link #isTight is tight}:
 * new clients are refused, and long messages are read more slowly. Above the budget the holders that have most must let go.
 *
 * <p>Any thread may call any method, under any lock: none calls a holder. Holders are called by a thread of the budget.
 */
public final class MemoryBudget implements AutoCloseable {
	private final long most;
	private final long tight;
	private final AtomicLong held = new AtomicLong();
	/** All accounts that have ever been charged and are not closed. */
	private final Set<Account> accounts = ConcurrentHashMap.newKeySet();
	private final LongAdder ended = new LongAdder();
	private final Relief relief = new Relief(this);

	/** @param most bytes that all holders together may have */
	public MemoryBudget(long most) {
		this.most = most;
		this.tight = most - most / 4;
	}

	/** A budget that is never used up. */
	public static MemoryBudget unlimited() {
		return new MemoryBudget(Long.MAX_VALUE);
	}

	/** Starts the thread that makes holders let go. */
	public MemoryBudget start() {
		relief.start();
		return this;
	}

	/** Stops that thread. */
	@Override
	public void close() {
		relief.close();
	}

	/** A new holder's account, which is empty. */
	public Account open(Holder holder) {
		return new Account(holder);
	}

	/** Bytes that all holders have now. */
	public long held() {
		return held.get();
	}

	/** Bytes that all holders together may have. */
	public long most() {
		return most;
	}

	/** Bytes from which on memory is tight. */
	long tight() {
		return tight;
	}

	/** Whether more than three quarters of the budget are used. */
	public boolean isTight() {
		return held.get() > tight;
	}

	/** Whether more than the budget is used. */
	public boolean isSpent() {
		return held.get() > most;
	}

	/** The number of holders that had to let go. */
	public long ended() {
		return ended.sum();
	}

	Set<Account> accounts() {
		return accounts;
	}

	Relief relief() {
		return relief;
	}

	private void count(long bytes) {
		long now = held.addAndGet(bytes);
		if (bytes <= 0 || now <= tight) {
			return;
		}
		if (now - bytes <= tight) {
			relief.becameTight();
		}
		else if (now > most) {
			relief.wake();
		}
	}

	/**
	 * Keeps memory on behalf of a client: a connection, a request whose body is being read, or what is kept for a client that is away.
	 */
	@FunctionalInterface
	public interface Holder {
		/**
		 * Releases its memory, since the budget is used up and no other holder has more. Called at most once, by the thread that watches
		 * the budget; must not wait.
		 */
		void letGo();
	}

	/** What one holder has. Any thread may charge it. */
	public final class Account {
		private static final AtomicLongFieldUpdater<Account> BYTES = AtomicLongFieldUpdater.newUpdater(Account.class, "bytes");

		private final Holder holder;
		/** Bytes that the holder has, alone or with others. */
		private volatile long bytes;
		private volatile boolean listed;
		private volatile boolean asked;
		private volatile boolean closed;

		private Account(Holder holder) {
			this.holder = holder;
		}

		/** The holder has this many bytes more; negative for fewer. */
		public void add(long more) {
			has(more);
			count(more);
		}

		/** The holder has these bytes, which others may have too. They are counted once, until the last holder has released them. */
		public void add(OutgoingFrame frame) {
			has(frame.size());
			if (frame.hold()) {
				count(frame.size());
			}
		}

		/** The holder has these bytes no longer. */
		public void remove(OutgoingFrame frame) {
			has(-frame.size());
			if (frame.release()) {
				count(-frame.size());
			}
		}

		/** As {@link MemoryBudget#isTight}. */
		public boolean isTight() {
			return MemoryBudget.this.isTight();
		}

		/** As {@link MemoryBudget#isSpent}. */
		public boolean isSpent() {
			return MemoryBudget.this.isSpent();
		}

		/** The holder has ended. It may still release what it has. */
		public void close() {
			closed = true;
			if (bytes == 0) {
				accounts.remove(this);
			}
		}

		/** Makes the holder known at its first bytes, and forgets one that has ended and released everything. */
		private void has(long more) {
			long now = BYTES.addAndGet(this, more);
			if (!listed) {
				listed = true;
				accounts.add(this);
			}
			if (now == 0 && closed) {
				accounts.remove(this);
			}
		}

		/** Bytes that the holder has, alone or with others. */
		long bytes() {
			return bytes;
		}

		/** Whether the holder was made to let go. */
		boolean wasAsked() {
			return asked;
		}

		/** Makes the holder let go. */
		void letGo() {
			asked = true;
			ended.increment();
			holder.letGo();
		}
	}
}
