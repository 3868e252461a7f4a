package dev.hawser.http.proxy;

import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.jspecify.annotations.Nullable;

/**
 * A request as the client sent it to the first of the trusted proxies.
 *
 * @param uri     the URL that the client knows
 * @param headers the headers of the request, with the client's Host and without the headers that proxies and events use
 * @param client  the client's address; null for the peer of the connection
 * @param scheme  http or https; null when no proxy has named it
 */
public record OriginalRequest(HttpURI uri, HttpFields headers, @Nullable InetSocketAddress client, @Nullable String scheme) {

	static OriginalRequest of(HttpURI received, HttpFields headers, ForwardedHop hop) {
		HttpURI uri = uri(received, hop);
		HttpFields seen = uri.getAuthority() == null || (hop.host() == null && hop.port() == 0) ? headers
				: HttpFields.build(headers, new HostPortHttpField(uri.getHost(), Math.max(uri.getPort(), 0)));
		return new OriginalRequest(uri, seen, hop.client(), hop.scheme());
	}

	private static HttpURI uri(HttpURI received, ForwardedHop hop) {
		if ((hop.scheme() == null && hop.host() == null && hop.port() == 0) || !String.valueOf(received.getPath()).startsWith("/")) {
			return received;
		}
		String scheme = hop.scheme() == null ? received.getScheme() : hop.scheme();
		String host = hop.host() == null ? received.getHost() : hop.host();
		int port = hop.port() > 0 || hop.host() != null ? hop.port() : received.getPort();
		HttpURI.Mutable uri = HttpURI.build(received).scheme(scheme);
		return (host == null ? uri : uri.authority(host, isDefault(port, scheme) ? 0 : port)).asImmutable();
	}

	private static boolean isDefault(int port, @Nullable String scheme) {
		return port == (HttpScheme.HTTPS.is(scheme) ? HttpScheme.HTTPS : HttpScheme.HTTP).getDefaultPort();
	}
}
