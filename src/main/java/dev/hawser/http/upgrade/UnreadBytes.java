package dev.hawser.http.upgrade;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client has sent bytes that this process has not read yet. A client whose bytes are unread is not late: the process has
 * stood still (SIGSTOP, a virtual machine that was moved, a long garbage collection), or its selectors are busy. So this is asked
 * before a deadline closes a socket.
 */
public final class UnreadBytes {
	/** Guards the selector. */
	private static final ReentrantLock LOCK = new ReentrantLock();
	/** Looks at one socket at a time, beside Jetty's selectors. Opened early: when it is needed, no file may be left. */
	private static final @Nullable Selector SELECTOR = open();

	private UnreadBytes() {
	}

	private static @Nullable Selector open() {
		try {
			return Selector.open();
		}
		catch (IOException e) {
			return null;
		}
	}

	/**
	 * Whether the endpoint waits for bytes, and bytes are there: a selector will read them as soon as it runs. False for a
	 * connection that does not want to read, as while it writes: its client can be late although it has sent more.
	 */
	public static boolean areDueIn(EndPoint endPoint) {
		return endPoint.isFillInterested() && areIn(endPoint);
	}

	/** Whether the socket below this endpoint has bytes to read, or its end. */
	static boolean areIn(EndPoint endPoint) {
		return SELECTOR != null && socketBelow(endPoint).getTransport() instanceof SocketChannel channel && areIn(channel, SELECTOR);
	}

	/** The endpoint of the socket below TLS and below the PROXY protocol. */
	public static EndPoint socketBelow(EndPoint endPoint) {
		EndPoint below = endPoint;
		while (below instanceof EndPoint.Wrapper wrapper) {
			below = wrapper.unwrap();
		}
		return below;
	}

	private static boolean areIn(SocketChannel channel, Selector selector) {
		LOCK.lock();
		try {
			SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
			try {
				return selector.selectNow() > 0;
			}
			finally {
				key.cancel();
				selector.selectNow(); // removes the key
			}
		}
		catch (IOException | CancelledKeyException e) {
			return false; // closed
		}
		finally {
			LOCK.unlock();
		}
	}
}
