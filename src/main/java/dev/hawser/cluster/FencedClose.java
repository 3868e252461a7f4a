package dev.hawser.cluster;

import dev.hawser.connection.CloseReasons;
import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes the connections that this node had when it was buried with 1012, in random order, spread over some seconds: their clients do not
 * all come back at the same moment.
 */
final class FencedClose implements Runnable {
	private static final Duration LONGEST = Duration.ofSeconds(5);
	private static final int SLOWEST_PER_SECOND = 50;

	private final List<WebSocketConnection> connections;
	private final Set<String> ids = ConcurrentHashMap.newKeySet();

	private FencedClose(List<WebSocketConnection> connections) {
		this.connections = connections;
		connections.forEach(connection -> ids.add(connection.getId()));
	}

	/** Whether this is one of the connections that are being closed. It may have missed messages, so it must not move to another node. */
	boolean isOf(String connectionId) {
		return ids.contains(connectionId);
	}

	/** For all connections that are open now. */
	static FencedClose of(Connections connections) {
		List<WebSocketConnection> all = new ArrayList<>(connections.all().toList());
		Collections.shuffle(all);
		return new FencedClose(all);
	}

	FencedClose start() {
		Thread.ofVirtual().name("hawser-fenced").start(this);
		return this;
	}

	@Override
	public void run() {
		long window = Math.min(LONGEST.toMillis(), connections.size() * 1_000L / SLOWEST_PER_SECOND);
		long begin = System.nanoTime();
		for (int i = 0; i < connections.size(); i++) {
			long due = begin + Duration.ofMillis(window * i / connections.size()).toNanos();
			try {
				Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
			}
			catch (InterruptedException e) {
				Thread.currentThread().interrupt();
				return;
			}
			connections.get(i).startClosing(CloseReasons.SHUTDOWN);
		}
		connections.clear();
		ids.clear();
	}
}
