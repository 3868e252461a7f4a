package dev.hawser.token;

import dev.hawser.outgoing.CautiousHttp;
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
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests to a server of the issuer. The answer must have status 200 and be a JSON object. Redirects are not followed,
 * since only the configuration says which server to trust. The whole exchange has a deadline; the answer's headers and body, and
 * the number of connections, are limited. A connection is closed when its exchange fails.
 */
final class IssuerClient implements AutoCloseable {
	/** Connections that are open at the same time; further requests wait. */
	static final int MOST_CONNECTIONS = 64;

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
		connector.setExecutor(CautiousHttp.threads("hawser-issuer"));
		connector.setSslContextFactory(tls());
		connector.setConnectTimeout(timeout);
		// the idle timeout must not cut a request short before its deadline
		connector.setIdleTimeout(timeout.compareTo(CautiousHttp.IDLE) < 0 ? CautiousHttp.IDLE : timeout);
		HttpClient http = new HttpClient(new HttpClientTransportOverHTTP(connector));
		http.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
		http.setAddressResolutionTimeout(timeout.toMillis());
		return CautiousHttp.start(http);
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

	/** Sends a GET and blocks until the answer is there, at most for the timeout. No exception contains any part of the answer. */
	Map<String, @Nullable Object> get(URI url) throws IOException {
		return ask(url, request -> request.method(HttpMethod.GET));
	}

	/**
	 * Sends a form with POST; otherwise as {@link #get}.
	 *
	 * @param authorization value of the Authorization header
	 */
	Map<String, @Nullable Object> post(URI url, String authorization, String form) throws IOException {
		return ask(url, request -> request.method(HttpMethod.POST)
				.headers(headers -> headers.put(HttpHeader.AUTHORIZATION, authorization))
				.body(new StringRequestContent("application/x-www-form-urlencoded", form)));
	}

	private Map<String, @Nullable Object> ask(URI url, UnaryOperator<Request> question) throws IOException {
		if (!isAllowed(url, httpAllowed)) {
			throw new IOException("its URL has no TLS and is not allowed");
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
				CautiousHttp.hangUp(request);
			}
		}
	}

	/**
	 * A sentence for the log. Messages of the HTTP client are left out, since they may quote the answer; those of TLS are kept,
	 * since they say what is wrong with a certificate.
	 */
	private static String reason(@Nullable Throwable cause) {
		return switch (cause) {
			case SSLException tls -> tls.toString();
			case ConnectException _,UnknownHostException _,SocketTimeoutException _ -> "it cannot be reached";
			case null, default ->
				"it hung up, or its answer is no HTTP, or has more than " + IssuerAnswer.LARGEST + " bytes, or headers of more than "
						+ CautiousHttp.LARGEST_HEADERS;
		};
	}

	/** Whether the URI may be used: https always, http on the loopback address or when the settings allow it. */
	static boolean isAllowed(URI uri, boolean httpAllowed) {
		String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
		return uri.getHost() != null && uri.getRawUserInfo() == null
				&& (scheme.equals("https") || (scheme.equals("http") && (httpAllowed || isLoopback(uri.getHost()))));
	}

	private static boolean isLoopback(String host) {
		try {
			return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
		}
		catch (IllegalArgumentException e) {
			return false; // a host name: names are not looked up here
		}
	}

	/** Aborts the requests that are under way. */
	@Override
	public void close() {
		CautiousHttp.stop(http);
	}
}
