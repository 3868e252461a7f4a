package dev.hawser.connection;

import dev.hawser.connection.limit.MemoryBudget;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of one read while they wait for callbacks that may block, and what they cost meanwhile. Few small ones, the usual case,
 * are not charged.
 */
final class WaitingEvents {
	/** Bytes that an event takes besides its message, approximately. */
	private static final int EVENT = 128;
	/** Up to so many bytes nothing is charged. */
	private static final int SMALL = 4 * 1024;
	/** Bytes after which the events of a read are charged although the read is not over: compressed messages can become many. */
	private static final int MANY = 64 * 1024;

	private final MemoryBudget.Account account;
	private final List<Runnable> events = new ArrayList<>(1);
	private long cost;
	private long charged;

	WaitingEvents(MemoryBudget.Account account) {
		this.account = account;
	}

	/** @param bytes size of the event's message */
	void add(Runnable event, long bytes) {
		events.add(event);
		cost += EVENT + bytes;
		if (cost - charged > MANY) {
			settle();
		}
	}

	/** The memory of a text: one byte for each character, or two if one of the characters is not Latin. */
	static long bytes(String text, int utf8) {
		return text.length() == utf8 ? utf8 : 2L * text.length();
	}

	boolean isEmpty() {
		return events.isEmpty();
	}

	List<Runnable> all() {
		return events;
	}

	/** The read is over. Returns what is charged, which must be released when the events are over. */
	long charge() {
		if (cost > SMALL) {
			settle();
		}
		return charged;
	}

	private void settle() {
		account.add(cost - charged);
		charged = cost;
	}

	/** Drops all events. */
	void drop() {
		events.clear();
		cost = 0;
		if (charged > 0) {
			settle();
		}
	}
}
