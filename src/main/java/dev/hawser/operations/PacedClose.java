package dev.hawser.operations;

import dev.hawser.connection.Connections;
import dev.hawser.connection.WebSocketConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.springframework.web.socket.CloseStatus;

/**
 * Starts the closing handshake of every connection, one after the other in random order, at moments spread over a window. Clients
 * that reconnect at once then do not all reconnect at the same moment.
 */
final class PacedClose {
	/** So few reconnects in a second harm no other node. A server with few connections thus needs less than the whole window. */
	static final int SLOWEST_PER_SECOND = 50;

	private final CountDownLatch cancelled = new CountDownLatch(1);

	/**
	 * Blocks until every connection that was open at the start of the call is closed, is being closed, or closes as soon as its
	 * callbacks have run; at most for the window, or until {@link #cancel}.
	 *
	 * @param window the longest time that this may take; 0 to close all at once
	 */
	public void run(Connections connections, CloseStatus status, Duration window) throws InterruptedException {
		List<WebSocketConnection> order = new ArrayList<>(connections.all().toList());
		Collections.shuffle(order);
		long span = Math.min(window.toNanos(), TimeUnit.SECONDS.toNanos(order.size()) / SLOWEST_PER_SECOND);
		long start = System.nanoTime();
		for (int i = 0; i < order.size(); i++) {
			if (order.get(i).isOpen() && waitUntil(start + due(i, order.size(), span))) {
				return;
			}
			order.get(i).closeAfterCallbacks(status);
		}
	}

	/** A random moment in the connection's own part of the span. */
	private static long due(int index, int count, long span) {
		return (long) ((index + ThreadLocalRandom.current().nextDouble()) / count * span);
	}

	private boolean waitUntil(long nanos) throws InterruptedException {
		return cancelled.await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
	}

	/** Stops closing connections. Any thread may call this, also before {@link #run}. */
	public void cancel() {
		cancelled.countDown();
	}
}
