package dev.hawser.token;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server of the issuer, over HTTP. The answer must be a JSON object with status 200; redirects are not followed, since
 * only the configuration says whom to trust. The whole exchange has a deadline, headers and body of the answer have a bound, and
 * so has the number of connections. A connection whose exchange has failed is closed.
 */
final class IssuerClient implements AutoCloseable {
	/** At a time; more wait. */
	static final int MOST_CONNECTIONS = 64;
	private static final int LARGEST_HEADERS = 16 * 1024;
	private static final Duration IDLE = Duration.ofSeconds(30);
	private static final int MOST_THREADS = 8;

	private final HttpClient http;
	private final JvmProxies proxies;
	private final Duration timeout;
	private final boolean httpAllowed;

	IssuerClient(Duration timeout, boolean httpAllowed) {
		this.timeout = timeout;
		this.httpAllowed = httpAllowed;
		this.http = start(timeout);
		this.proxies = new JvmProxies(http.getProxyConfiguration());
	}

	private static HttpClient start(Duration timeout) {
		ClientConnector connector = new ClientConnector();
		connector.setSelectors(1);
		connector.setExecutor(threads());
		connector.setSslContextFactory(tls());
		connector.setConnectTimeout(timeout);
		// a server may think about its answer for as long as the deadline allows
		connector.setIdleTimeout(timeout.compareTo(IDLE) < 0 ? IDLE : timeout);
		HttpClient http = new HttpClient(new HttpClientTransportOverHTTP(connector));
		http.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
		http.setMaxResponseHeadersSize(LARGEST_HEADERS);
		http.setDestinationIdleTimeout(IDLE.toMillis());
		http.setAddressResolutionTimeout(timeout.toMillis());
		http.setFollowRedirects(false);
		http.setHttpCookieStore(new HttpCookieStore.Empty());
		http.setUserAgentField(null);
		try {
			http.start();
		}
		catch (Exception e) {
			throw new IllegalStateException("The HTTP client cannot be started", e);
		}
		// what comes with it follows redirects, logs in, decompresses, and reads any number of interim answers
		http.getProtocolHandlers().clear();
		http.getProtocolHandlers().put(new InterimAnswers());
		http.getContentDecoderFactories().clear();
		return http;
	}

	private static QueuedThreadPool threads() {
		QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
		threads.setName("hawser-issuer");
		threads.setDaemon(true);
		threads.setReservedThreads(0);
		threads.setStopTimeout(0);
		return threads;
	}

	/** With what the JVM trusts. */
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

	/** Blocks until the answer is there, for the timeout at most. What is thrown contains nothing of the answer. */
	Map<String, @Nullable Object> get(URI url) throws IOException {
		return ask(url, request -> request.method(HttpMethod.GET));
	}

	/**
	 * As {@link #get}, with a form.
	 *
	 * @param authorization the header of this name
	 */
	Map<String, @Nullable Object> post(URI url, String authorization, String form) throws IOException {
		return ask(url, request -> request.method(HttpMethod.POST)
				.headers(headers -> headers.put(HttpHeader.AUTHORIZATION, authorization))
				.body(new StringRequestContent("application/x-www-form-urlencoded", form)));
	}

	private Map<String, @Nullable Object> ask(URI url, UnaryOperator<Request> question) throws IOException {
		if (!isAllowed(url, httpAllowed)) {
			throw new IOException("it is to be asked without TLS");
		}
		proxies.add(url);
		Request request = question.apply(http.newRequest(url)).accept("application/json");
		IssuerAnswer answer = new IssuerAnswer();
		request.send(answer);
		try {
			return answer.await(timeout).json();
		}
		catch (TimeoutException e) {
			throw new IOException("it did not answer in " + timeout.toMillis() + "ms");
		}
		catch (ExecutionException e) {
			throw new IOException(reason(e.getCause()));
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IOException("the server stops");
		}
		finally {
			if (!answer.isComplete()) {
				hangUp(request);
			}
		}
	}

	/** To abort the request alone can leave the connection to its idle timeout, if it is being read in this moment. */
	private static void hangUp(Request request) {
		request.abort(new IOException("The answer is not waited for any more"));
		Connection connection = request.getConnection();
		if (connection != null) {
			connection.close();
		}
	}

	/** Messages of the HTTP client may quote the answer; those of TLS say what is wrong with a certificate. */
	private static String reason(@Nullable Throwable cause) {
		return switch (cause) {
			case SSLException tls -> tls.toString();
			case ConnectException _,UnknownHostException _,SocketTimeoutException _ -> "it cannot be reached";
			case null, default ->
				"it hung up, or its answer is no HTTP, or has more than " + IssuerAnswer.LARGEST + " bytes, or headers of more than "
						+ LARGEST_HEADERS;
		};
	}

	/** Whether it is https, or http where nobody else can listen, or where that has been allowed. */
	static boolean isAllowed(URI uri, boolean httpAllowed) {
		String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
		return uri.getHost() != null && uri.getRawUserInfo() == null
				&& (scheme.equals("https") || scheme.equals("http") && (httpAllowed || isLoopback(uri.getHost())));
	}

	private static boolean isLoopback(String host) {
		try {
			return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
		}
		catch (IllegalArgumentException e) {
			return false; // a name, which is not asked for here
		}
	}

	/** Aborts what is under way. */
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
