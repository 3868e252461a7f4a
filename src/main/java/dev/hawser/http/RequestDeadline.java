package dev.hawser.http;

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
 * Hangs up on clients that take too long to say what they want: Jetty's idle timeout starts anew with every byte. From the
 * accepted socket to the end of the first request's head, TLS handshake included, and from the first byte of a later request
 * to the end of its head, a client has a fixed time. Over HTTP/2 the time ends with the preface.
 *
 * <p>One task looks at all connections that have not become WebSockets; a deadline is up to {@link #interval} late, never
 * early. A connection costs an entry in a set, and nothing once it is a WebSocket.
 */
final class RequestDeadline implements Connection.Listener, LifeCycle.Listener {
	private static final Logger LOG = LoggerFactory.getLogger(RequestDeadline.class);
	private static final long LONGEST_INTERVAL = 1000;
	/** Intervals between two looks that mean that the process did not run meanwhile. */
	private static final int PAUSE = 3;

	private final Duration timeout;
	private final Scheduler scheduler;
	private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
	/** When sockets were accepted; none is kept beyond its deadline. */
	private final Map<EndPoint, Long> accepted = new ConcurrentHashMap<>();
	/** Of the thread that looks. */
	private long lookedAt;

	RequestDeadline(Duration timeout, Scheduler scheduler) {
		this.timeout = timeout;
		this.scheduler = scheduler;
	}

	/** The connector has started. */
	@Override
	public void lifeCycleStarted(LifeCycle connector) {
		lookedAt = System.nanoTime();
		scheduleNext();
	}

	/** A connection inside TLS is opened together with that of TLS, which therefore needs no watching itself. */
	@Override
	public void onOpened(Connection connection) {
		if (!(connection instanceof SslConnection)) {
			accepted.putIfAbsent(socket(connection), System.nanoTime());
			watched.add(connection);
		}
	}

	/** The socket is closed, or another connection has taken it over: a WebSocket, or the protocol that ALPN has chosen. */
	@Override
	public void onClosed(Connection connection) {
		watched.remove(connection);
	}

	/** Milliseconds between two looks. */
	private long interval() {
		return Math.clamp(timeout.toMillis() / 10, 1, LONGEST_INTERVAL);
	}

	private void scheduleNext() {
		scheduler.schedule(this::look, interval(), TimeUnit.MILLISECONDS);
	}

	/** After a pause of the process the sockets are read first: what their clients have sent in time is still in them. */
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

	/** The socket below TLS and below what a proxy has said. */
	private static EndPoint socket(Connection connection) {
		EndPoint endPoint = connection.getEndPoint();
		while (endPoint instanceof EndPoint.Wrapper wrapper) {
			endPoint = wrapper.unwrap();
		}
		return endPoint;
	}

	/** The clock is read first: what is found unfinished after that was unfinished at its deadline. */
	private void look(Connection connection) {
		long nanos = System.nanoTime();
		Long at = accepted.get(socket(connection));
		boolean sinceAccept = at == null || nanos - at > timeout.toNanos();
		boolean overdue = switch (connection) {
			case HttpConnection http -> sinceAccept && http.getMessagesIn() == 0 || isOverdue(http.getParser(), nanos);
			case HTTP2Connection http2 -> sinceAccept && !hasPreface(http2);
			default -> sinceAccept; // ALPN, which chooses one of the others
		};
		if (!overdue) {
			return;
		}
		LOG.debug("{} did not finish its handshake or request in {}", connection.getEndPoint().getRemoteSocketAddress(), timeout);
		try {
			connection.getEndPoint().close();
		}
		catch (RuntimeException e) {
			LOG.error("A connection could not be closed; the others are looked at", e);
		}
	}

	/** Whether the parser is within a head for too long. Its state is volatile and written after the time of the first byte. */
	private boolean isOverdue(HttpParser parser, long nanos) {
		if (!parser.inHeaderState() || parser.isStart()) {
			return false;
		}
		long begun = parser.getBeginNanoTime(); // 0 when the head has been finished since
		return begun != 0 && nanos - begun > timeout.toNanos();
	}

	/** The server writes nothing before it has read the preface, and then its SETTINGS at once (RFC 9113 section 3.4). */
	private boolean hasPreface(HTTP2Connection connection) {
		if (connection.getBytesOut() == 0) {
			return false;
		}
		watched.remove(connection);
		return true;
	}
}
