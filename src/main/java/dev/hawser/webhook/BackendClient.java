package dev.hawser.webhook;

import dev.hawser.outgoing.CautiousHttp;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.MultiplexConnectionPool;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * Sends HTTP requests to backends and waits for their answers, on the calling thread, which should be a virtual one. Redirects are
 * not followed, since only the configuration says where events go. A connection is closed when an exchange on it fails.
 */
final class BackendClient implements AutoCloseable {
	/** Each carries a hundred calls or more at the same time. */
	private static final int MOST_HTTP2_CONNECTIONS = 16;
	private static final Duration TO_CONNECT = Duration.ofSeconds(5);

	private final HttpClient http;

	BackendClient(BackendClients.Way way, SslContextFactory.Client tls) {
		QueuedThreadPool threads = CautiousHttp.threads("hawser-webhook");
		ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("hawser-webhook-timer", true);
		ClientConnector connector = new ClientConnector();
		connector.setSelectors(1);
		connector.setExecutor(threads);
		connector.setScheduler(scheduler);
		connector.setSslContextFactory(tls);
		connector.setConnectTimeout(TO_CONNECT);
		connector.setIdleTimeout(Duration.ZERO); // each call has its deadline, and idle destinations end by the timeout below
		http = new HttpClient(way.http2() ? http2(connector) : http1(connector));
		SocketAddressResolver lookup = new SocketAddressResolver.Async(threads, scheduler, TO_CONNECT.toMillis());
		http.setSocketAddressResolver(way.anyAddress() ? lookup : new AllowedAddresses(lookup));
		http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE); // the gate of each backend bounds them
		CautiousHttp.start(http);
	}

	private static HttpClientTransport http1(ClientConnector connector) {
		HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
		transport.setConnectionPoolFactory(destination -> new DuplexConnectionPool(destination, pool(destination).mostCalls()));
		return transport;
	}

	/** HTTP/2, by ALPN in TLS, and without a question in cleartext. */
	private static HttpClientTransport http2(ClientConnector connector) {
		HttpClientTransportOverHTTP2 transport = new HttpClientTransportOverHTTP2(new HTTP2Client(connector));
		transport.setConnectionPoolFactory(
				destination -> new MultiplexConnectionPool(destination, Math.min(MOST_HTTP2_CONNECTIONS, pool(destination).mostCalls()),
						1));
		return transport;
	}

	private static Pool pool(Destination destination) {
		return (Pool) destination.getOrigin().getTag();
	}

	/**
	 * The connections of one backend; no other backend uses them.
	 *
	 * @param backend   the backend
	 * @param mostCalls most calls at the same time
	 */
	record Pool(Backend backend, int mostCalls) {
	}

	/**
	 * The limits of one request.
	 *
	 * @param timeout for the whole exchange
	 * @param largest most bytes of the answer's body
	 */
	record Limits(Pool pool, Duration timeout, long largest) {
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
		CautiousHttp.stop(http);
	}
}
