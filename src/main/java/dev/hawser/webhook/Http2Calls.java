package dev.hawser.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.client.transport.internal.HttpConnectionOverHTTP2;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Gives up calls over HTTP/2. The stream of the call ends; the other calls on its connection are not affected. A connection can be dead
 * without any sign, and each new call would be written to it, in vain. So after a call that it did not answer the backend is asked for a sign
 * of life (PING, RFC 9113 section 6.7), and the connection is closed when nothing comes on it.
 */
final class Http2Calls {
	private static final Duration SIGN_OF_LIFE_WITHIN = Duration.ofSeconds(5);

	private final Scheduler scheduler;
	/** Those that have been asked and have not answered yet. */
	private final Set<HTTP2Session> asked = ConcurrentHashMap.newKeySet();

	Http2Calls(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/** Ends the call, whether it has been sent or waits for a connection. */
	void giveUp(Request request) {
		CompletableFuture<Boolean> _ = request.abort(new IOException("The answer is not waited for any more"));
		if (request.getConnection() instanceof HttpConnectionOverHTTP2 connection
				&& connection.getSession() instanceof HTTP2Session session && asked.add(session)) {
			long before = session.getEndPoint().getConnection().getBytesIn();
			session.ping(new PingFrame(false), Callback.NOOP);
			scheduler.schedule(() -> {
				asked.remove(session);
				if (session.getEndPoint().getConnection().getBytesIn() == before) {
					connection.close();
				}
			}, SIGN_OF_LIFE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
		}
	}
}
