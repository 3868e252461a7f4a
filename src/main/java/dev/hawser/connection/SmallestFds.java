package dev.hawser.connection;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Finds the next connections by fd among all, which are in no order. */
final class SmallestFds {

	private SmallestFds() {
	}

	/** The smallest fds above {@code after} of connections that are not over, ascending, at most {@code count}. */
	static List<Long> of(Collection<? extends WebSocketConnection> all, long after, int count) {
		PriorityQueue<Long> smallest = new PriorityQueue<>(Comparator.reverseOrder());
		for (WebSocketConnection connection : all) {
			long fd = connection.fd();
			if (fd > after && !connection.isClosed() && (smallest.size() < count || fd < smallest.element())) {
				smallest.add(fd);
				if (smallest.size() > count) {
					smallest.remove();
				}
			}
		}
		return smallest.stream().sorted().toList();
	}
}
