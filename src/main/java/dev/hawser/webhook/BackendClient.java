package dev.hawser.webhook;

import dev.hawser.outgoing.CautiousHttp;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.MultiplexConnectionPool;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sends HTTP requests to backends and waits for their answers, on the calling thread, which should be a virtual one. Redirects are
 * not followed, since only the configuration says where events go. A connection of HTTP/1.1 is closed when an exchange on it fails.
 */
final class BackendClient implements AutoCloseable {
	private static final int MOST_HTTP2_CONNECTIONS = 16;
	/** With more calls than these, a connection of HTTP/2 gets another one beside it. */
	private static final int FEW_CALLS = 64;
	/** State, cookies, user and metadata have bounds of their own, and fit in together. */
	private static final int LARGEST_REQUEST_HEADERS = 64 * 1024;
	private static final Duration TO_CONNECT = Duration.ofSeconds(5);

	private final HttpClient http;
	private final HostLookup lookup;
	/** Ends a call whose answer is not waited for any more. */
	private final Consumer<Request> giveUp;

	BackendClient(BackendClients.Way way, SslContextFactory.Client tls) {
		QueuedThreadPool threads = CautiousHttp.threads("hawser-webhook");
		ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("hawser-webhook-timer", true);
		ClientConnector connector = new ClientConnector();
		connector.setSelectors(1);
		connector.setExecutor(threads);
		connector.setScheduler(scheduler);
		connector.setSslContextFactory(tls);
		connector.setConnectTimeout(TO_CONNECT);
		connector.setIdleTimeout(Duration.ZERO); // each call has its deadline, and idle connections are closed by sweeps
		http = new HttpClient(way.http2() ? http2(connector) : http1(connector));
		giveUp = way.http2() ? new Http2Calls(scheduler)::giveUp : CautiousHttp::hangUp;
		lookup = new HostLookup(InetAddress::getAllByName, TO_CONNECT, threads);
		http.setSocketAddressResolver(way.anyAddress() ? lookup : new AllowedAddresses(lookup));
		http.setMaxRequestHeadersSize(LARGEST_REQUEST_HEADERS);
		http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE); // the gate of each backend bounds them
		CautiousHttp.start(http);
		scheduler.schedule(() -> closeIdleAgain(scheduler), CautiousHttp.IDLE.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void closeIdleAgain(Scheduler scheduler) {
		closeIdle();
		scheduler.schedule(() -> closeIdleAgain(scheduler), CautiousHttp.IDLE.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Closes the connections of HTTP/1.1 that have had no call since this was last done. One thread at a time. */
	void closeIdle() {
		for (Destination destination : http.getDestinations()) {
			if (destination.getConnectionPool() instanceof Http1Pool pool) {
				pool.closeIdle();
			}
		}
	}

	private static HttpClientTransport http1(ClientConnector connector) {
		HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
		transport.setConnectionPoolFactory(destination -> new Http1Pool(destination, pool(destination).mostCalls()));
		return transport;
	}

	private static HttpClientTransport http2(ClientConnector connector) {
		HttpClientTransport transport = Http2Transport.over(connector);
		transport.setConnectionPoolFactory(
				destination -> new MultiplexConnectionPool(destination, Math.min(MOST_HTTP2_CONNECTIONS, pool(destination).mostCalls()),
						1));
		return transport;
	}

	/** The connections to the backend of which the destination is a part. */
	static Pool pool(Destination destination) {
		return (Pool) destination.getOrigin().getTag();
	}

	/**
	 * The connections of one backend; no other backend uses them.
	 *
	 * @param backend   the backend, or what stands for it
	 * @param mostCalls most calls at the same time
	 */
	record Pool(Object backend, int mostCalls) {

		/**
		 * Of HTTP/2, so that all calls find room. Not more, since what Jetty does for a call grows with the number of calls that it sends
		 * together on one connection.
		 */
		int mostCallsOnOneConnection() {
			return Math.max(FEW_CALLS, Math.ceilDiv(mostCalls, MOST_HTTP2_CONNECTIONS));
		}
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

	private Answer exchange(Request request, Limits limits) throws NoAnswerException, InterruptedException {
		PendingAnswer answer = new PendingAnswer(limits.largest());
		request.tag(limits.pool()).attribute(PendingAnswer.ATTRIBUTE, answer).send(answer);
		return answer.await(request, limits.timeout(), giveUp);
	}

	/** Aborts the requests that are under way. */
	@Override
	public void close() {
		CautiousHttp.stop(http);
		lookup.close();
	}
}
