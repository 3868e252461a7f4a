package dev.hawser.outgoing;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What all HTTP clients of this server have in common, so that a server that they call cannot harm this one. Redirects are not
 * followed, since only the configuration says which servers are called; no cookies are kept, and nothing is decompressed.
 */
public final class CautiousHttp {
	/** Most bytes of an answer's headers. */
	public static final int LARGEST_HEADERS = 16 * 1024;
	/** How long a connection, and what is kept for a server, outlives its last request. */
	public static final Duration IDLE = Duration.ofSeconds(30);
	private static final int MOST_THREADS = 8;

	private CautiousHttp() {
	}

	/** Threads for one client, which make no stop wait. */
	public static QueuedThreadPool threads(String name) {
		QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
		threads.setName(name);
		threads.setDaemon(true);
		threads.setReservedThreads(0);
		threads.setStopTimeout(0);
		return threads;
	}

	/** Starts the client with the common limits; its own must be set before. */
	public static HttpClient start(HttpClient http) {
		http.setMaxResponseHeadersSize(LARGEST_HEADERS);
		http.setDestinationIdleTimeout(IDLE.toMillis());
		http.setFollowRedirects(false);
		http.setHttpCookieStore(new HttpCookieStore.Empty());
		http.setUserAgentField(null);
		try {
			http.start();
		}
		catch (Exception e) {
			throw new IllegalStateException("The HTTP client cannot be started", e);
		}
		// the built-in handlers follow redirects, log in, decompress, and read any number of interim answers
		http.getProtocolHandlers().clear();
		http.getProtocolHandlers().put(new InterimAnswers());
		http.getContentDecoderFactories().clear();
		return http;
	}

	/**
	 * Closes the connection of the request. Aborting the request alone is not enough: if the connection is being read at that
	 * moment, it would stay open until its idle timeout.
	 */
	public static void hangUp(Request request) {
		CompletableFuture<Boolean> _ = request.abort(new IOException("The answer is not waited for any more"));
		Connection connection = request.getConnection();
		if (connection != null) {
			connection.close();
		}
	}

	/** Stops the client; aborts the requests that are under way. */
	public static void stop(HttpClient http) {
		try {
			http.stop();
		}
		catch (Exception e) {
			throw new IllegalStateException("The HTTP client cannot be stopped", e);
		}
	}
}
