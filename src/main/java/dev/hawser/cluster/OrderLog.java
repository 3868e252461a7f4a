package dev.hawser.cluster;

import dev.hawser.api.Target;
import dev.hawser.push.LocalOrders;
import dev.hawser.push.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What has come to this node while connections are on their way here, to be carried out for them when they are here. Bounded; safe for any
 * thread.
 */
final class OrderLog {
	private static final int MOST = 20_000;
	private static final long MOST_BYTES = 32L * 1024 * 1024;

	private final LongSupplier clock;
	private final List<Entry> entries = new ArrayList<>();
	/** Number of the first entry that is still there. */
	private long first;
	private long bytes;
	private boolean overflowed;
	/** Changed under the lock. */
	private volatile boolean open;

	/** @param end when a message is of no use any more; 0 for never */
	private record Entry(String source, Target target, Order order, long end) {
		int size() {
			return 200 + (order instanceof Order.Send send ? send.message().data().length : 0);
		}
	}

	OrderLog(LongSupplier clock) {
		this.clock = clock;
	}

	/** From now on all is kept. Returns the number of the next entry. */
	synchronized long begin() {
		open = true;
		return end();
	}

	/** The number of the next entry. */
	synchronized long end() {
		return first + entries.size();
	}

	void add(String source, Target target, Order order) {
		if (open && !isQuestion(order)) {
			keep(source, target, order);
		}
	}

	private static boolean isQuestion(Order order) {
		return order instanceof Order.Count || order instanceof Order.Page || order instanceof Order.IsPermitted
				|| order instanceof Order.Watch;
	}

	private synchronized void keep(String source, Target target, Order order) {
		long millis = order instanceof Order.Send send ? send.millis() : 0;
		Entry entry = new Entry(source, target, order, millis == 0 ? 0 : clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis));
		overflowed |= entries.size() >= MOST || bytes + entry.size() > MOST_BYTES;
		if (!overflowed) {
			entries.add(entry);
			bytes += entry.size();
		}
	}

	/** Whether there was more than it may have: what it has is of no use then. */
	synchronized boolean hasOverflowed() {
		return overflowed;
	}

	/** Carries out what has come from each source since the number that it has here. */
	synchronized void replay(Map<String, Long> since, LocalOrders orders) {
		long now = clock.getAsLong();
		for (int i = 0; i < entries.size(); i++) {
			Entry entry = entries.get(i);
			Long from = since.get(entry.source);
			boolean over = entry.end != 0 && now - entry.end >= 0;
			if (from != null && from <= first + i && !over) {
				orders.carryOut(entry.target, left(entry, now));
			}
		}
	}

	private static Order left(Entry entry, long now) {
		return entry.end != 0 && entry.order instanceof Order.Send send
				? new Order.Send(send.message(), Math.max(1, TimeUnit.NANOSECONDS.toMillis(entry.end - now)), send.once())
				: entry.order;
	}

	/** Nothing before this number is needed any more; nothing at all for {@link Long#MAX_VALUE}. */
	synchronized void forget(long before) {
		int count = (int) Math.min(entries.size(), Math.max(0, before - first));
		List<Entry> old = entries.subList(0, count);
		bytes -= old.stream().mapToLong(Entry::size).sum();
		old.clear();
		first += count;
		overflowed &= !entries.isEmpty();
		open = before != Long.MAX_VALUE;
	}
}
