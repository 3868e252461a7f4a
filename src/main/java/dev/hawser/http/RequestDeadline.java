package dev.hawser.http;

import dev.hawser.http.upgrade.UnreadBytes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the sockets of clients that take too long to send a request's head; Jetty's idle timeout is not enough, since it starts
 * again with every byte. The first request has a fixed time from the accepted socket to the end of its head, TLS handshake
 * included; a later request has that time from its first byte to the end of its head. Over HTTP/2 the time ends with the preface.
 *
 * <p>One task checks all connections that are not WebSockets yet; a deadline is up to {@link #interval} late, never early, and later
 * while bytes of the client are unread. A connection costs an entry in a set until it becomes a WebSocket.
 *
 * <p>Relies on what Jetty 12.1 does inside: {@code HttpConnection} is its class for HTTP/1.1 and shows its parser, the parser notes when a
 * head has begun, and an HTTP/2 connection writes nothing before it has read the preface. {@code RequestDeadlineTests} has a client for each.
 */
final class RequestDeadline implements Connection.Listener, LifeCycle.Listener {
	private static final Logger LOG = LoggerFactory.getLogger(RequestDeadline.class);
	private static final long LONGEST_INTERVAL = 1000;
	/** So many intervals between two checks mean that the process did not run meanwhile. */
	private static final int PAUSE = 3;

	private final Duration timeout;
	private final Scheduler scheduler;
	private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
	/** When sockets were accepted that have sent no request yet; none is kept beyond its deadline. */
	private final Map<EndPoint, Long> accepted = new ConcurrentHashMap<>();
	/** Time of the last check; used by the checking thread only. */
	private long lookedAt;

	RequestDeadline(Duration timeout, Scheduler scheduler) {
		this.timeout = timeout;
		this.scheduler = scheduler;
	}

	/** Called when the connector has started. */
	@Override
	public void lifeCycleStarted(LifeCycle connector) {
		lookedAt = System.nanoTime();
		scheduleNext();
	}

	/** Watches the connection. The TLS connection around it is opened at the same time and is not watched itself. */
	@Override
	public void onOpened(Connection connection) {
		if (!(connection instanceof SslConnection)) {
			accepted.putIfAbsent(UnreadBytes.socketBelow(connection.getEndPoint()), System.nanoTime());
			watched.add(connection);
		}
	}

	/** The socket is closed, or another connection has taken it over: a WebSocket, or the protocol that ALPN has chosen. */
	@Override
	public void onClosed(Connection connection) {
		watched.remove(connection);
		if (connection.getMessagesIn() > 0 || !connection.getEndPoint().isOpen()) {
			accepted.remove(UnreadBytes.socketBelow(connection.getEndPoint()));
		}
	}

	/** Milliseconds between two checks. */
	private long interval() {
		return Math.clamp(timeout.toMillis() / 10, 1, LONGEST_INTERVAL);
	}

	private void scheduleNext() {
		scheduler.schedule(this::look, interval(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Checks all connections. After a pause of the process the sockets are read first: bytes that clients sent in time are still in
	 * them.
	 */
	private void look() {
		try {
			long now = System.nanoTime();
			boolean paused = now - lookedAt > PAUSE * TimeUnit.MILLISECONDS.toNanos(interval());
			lookedAt = now;
			if (!paused) {
				watched.forEach(this::look);
				accepted.values().removeIf(at -> now - at > timeout.toNanos());
			}
		}
		finally {
			scheduleNext();
		}
	}

	/** Reads the clock first: a head that is then found unfinished was unfinished at its deadline. */
	private void look(Connection connection) {
		long nanos = System.nanoTime();
		Long at = accepted.get(UnreadBytes.socketBelow(connection.getEndPoint()));
		boolean sinceAccept = at == null || nanos - at > timeout.toNanos();
		boolean overdue = switch (connection) {
			case HttpConnection http -> (sinceAccept && http.getMessagesIn() == 0) || isOverdue(http.getParser(), nanos);
			case HTTP2Connection http2 -> sinceAccept && !hasPreface(http2);
			default -> sinceAccept; // ALPN, which then chooses one of the other protocols
		};
		if (!overdue || !watched.contains(connection) || UnreadBytes.areDueIn(connection.getEndPoint())) {
			return; // one that became a WebSocket since then was forgotten before its time of acceptance was
		}
		LOG.debug("{} did not finish its handshake or request in {}", connection.getEndPoint().getRemoteSocketAddress(), timeout);
		try {
			connection.getEndPoint().close();
		}
		catch (RuntimeException e) {
			LOG.error("A connection could not be closed; the check continues with the others", e);
		}
	}

	/**
	 * Whether the parser has been in the middle of a head for too long. The parser's state is volatile and written after the time
	 * of the first byte.
	 */
	private boolean isOverdue(HttpParser parser, long nanos) {
		if (!parser.inHeaderState() || parser.isStart()) {
			return false;
		}
		long begun = parser.getBeginNanoTime(); // 0 when the head has been finished since
		return begun != 0 && nanos - begun > timeout.toNanos();
	}

	/**
	 * Whether the preface has been read: the server writes nothing before that, and then its SETTINGS at once (RFC 9113 section
	 * 3.4).
	 */
	private boolean hasPreface(HTTP2Connection connection) {
		if (connection.getBytesOut() == 0) {
			return false;
		}
		watched.remove(connection);
		return true;
	}
}
