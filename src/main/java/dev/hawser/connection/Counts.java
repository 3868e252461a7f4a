package dev.hawser.connection;

import dev.hawser.api.ConnectionSnapshot.Traffic;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How many connections there have been, and how many messages the ended ones carried. Safe for any thread. */
final class Counts {
	private final LongAdder opened = new LongAdder();
	private final LongAdder closed = new LongAdder();
	private final LongAdder messagesIn = new LongAdder();
	private final LongAdder messagesOut = new LongAdder();

	void opened() {
		opened.increment();
	}

	/** A connection has ended, and has carried this. */
	void closed(Traffic traffic) {
		closed.increment();
		messagesIn.add(traffic.messagesIn());
		messagesOut.add(traffic.messagesOut());
	}

	/** @param open what the open connections have carried so far */
	Connections.Totals totals(Stream<Traffic> open) {
		long[] messages = new long[2];
		open.forEach(traffic -> {
			messages[0] += traffic.messagesIn();
			messages[1] += traffic.messagesOut();
		});
		return new Connections.Totals(opened.sum(), closed.sum(), messages[0] + messagesIn.sum(), messages[1] + messagesOut.sum());
	}
}
