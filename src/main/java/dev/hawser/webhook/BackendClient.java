package dev.hawser.webhook;

import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Sends HTTP requests to backends and waits for their answers, on the calling thread, which should be a virtual one. Redirects are
 * not followed, since only the configuration says where events go. A connection is closed when an exchange on it fails.
 */
final class BackendClient implements AutoCloseable {
	private static final int LARGEST_HEADERS = 16 * 1024;
	private static final int MOST_CONNECTIONS = 1024;
	private static final int MOST_THREADS = 8;
	private static final Duration IDLE = Duration.ofSeconds(30);
	private static final Duration TO_CONNECT = Duration.ofSeconds(5);

	private final HttpClient http;

	BackendClient() {
		ClientConnector connector = new ClientConnector();
		connector.setSelectors(1);
		connector.setExecutor(threads());
		connector.setSslContextFactory(tls());
		connector.setConnectTimeout(TO_CONNECT);
		connector.setIdleTimeout(Duration.ZERO); // each call has its deadline, and idle destinations end by the timeout below
		http = new HttpClient(new HttpClientTransportOverHTTP(connector));
		http.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
		http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
		http.setMaxResponseHeadersSize(LARGEST_HEADERS);
		http.setDestinationIdleTimeout(IDLE.toMillis());
		http.setAddressResolutionTimeout(TO_CONNECT.toMillis());
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
	}

	private static QueuedThreadPool threads() {
		QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
		threads.setName("hawser-webhook");
		threads.setDaemon(true);
		threads.setReservedThreads(0);
		threads.setStopTimeout(0);
		return threads;
	}

	/** TLS with the trust store of the JVM. */
	private static SslContextFactory.Client tls() {
		SslContextFactory.Client tls = new SslContextFactory.Client();
		try {
			tls.setSslContext(SSLContext.getDefault());
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("This JVM has no TLS", e);
		}
		return tls;
	}

	/**
	 * The limits of one request.
	 *
	 * @param pool    requests with equal pools share connections, all others do not
	 * @param timeout for the whole exchange
	 * @param largest most bytes of the answer's body
	 */
	record Limits(Object pool, Duration timeout, long largest) {
	}

	/** Sends a POST with a body. */
	Answer post(URI url, Consumer<HttpFields.Mutable> headers, String contentType, byte[] body, Limits limits)
			throws NoAnswerException, InterruptedException {
		return exchange(http.newRequest(url).method(HttpMethod.POST).headers(headers).body(new BytesRequestContent(contentType, body)),
				limits);
	}

	/** Sends a request without a body. */
	Answer ask(HttpMethod method, URI url, Consumer<HttpFields.Mutable> headers, Limits limits)
			throws NoAnswerException, InterruptedException {
		return exchange(http.newRequest(url).method(method).headers(headers), limits);
	}

	private static Answer exchange(Request request, Limits limits) throws NoAnswerException, InterruptedException {
		PendingAnswer answer = new PendingAnswer(limits.largest());
		request.tag(limits.pool()).send(answer);
		return answer.await(request, limits.timeout());
	}

	/** Aborts the requests that are under way. */
	@Override
	public void close() {
		try {
			http.stop();
		}
		catch (Exception e) {
			throw new IllegalStateException("The HTTP client cannot be stopped", e);
		}
	}
}
