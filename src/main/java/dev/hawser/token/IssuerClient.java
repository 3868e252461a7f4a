package dev.hawser.token;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server of the issuer, over HTTP. The answer must be a JSON object with status 200; redirects are not followed, since
 * only the configuration says whom to trust. The whole exchange has a deadline, and the answer a bound.
 */
final class IssuerClient implements AutoCloseable {
	/** Large issuers publish some dozen keys with their certificates: about 50 KB. */
	private static final int LARGEST_ANSWER = 256 * 1024;

	private final HttpClient http;
	private final Duration timeout;
	private final boolean httpAllowed;

	IssuerClient(Duration timeout, boolean httpAllowed) {
		this.timeout = timeout;
		this.httpAllowed = httpAllowed;
		this.http = HttpClient.newBuilder().connectTimeout(timeout).version(HttpClient.Version.HTTP_1_1)
				.followRedirects(HttpClient.Redirect.NEVER).build();
	}

	/** Blocks until the answer is there, for the timeout at most. What is thrown contains nothing of the answer. */
	Map<String, @Nullable Object> ask(HttpRequest request) throws IOException {
		if (!isAllowed(request.uri(), httpAllowed)) {
			throw new IOException("it is to be asked without TLS");
		}
		CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request,
				HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
		try {
			HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
			if (response.statusCode() != 200) {
				throw new IOException("it answered " + response.statusCode());
			}
			return JsonObject.parse(response.body());
		}
		catch (TimeoutException e) {
			throw new IOException("it did not answer in " + timeout.toMillis() + "ms");
		}
		catch (ExecutionException e) {
			throw new IOException(reason(e.getCause()));
		}
		catch (ParseException e) {
			throw new IOException("its answer is no JSON object");
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IOException("the server stops");
		}
		finally {
			exchange.cancel(true);
		}
	}

	/** Messages of the HTTP client may quote the answer; those of TLS say what is wrong with a certificate. */
	private static String reason(@Nullable Throwable cause) {
		return switch (cause) {
			case SSLException tls -> tls.toString();
			case ConnectException _ -> "it cannot be reached";
			case null, default -> "it hung up, or its answer is no HTTP, or has more than " + LARGEST_ANSWER + " bytes";
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
		http.shutdownNow();
	}
}
