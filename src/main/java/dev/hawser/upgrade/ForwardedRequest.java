package dev.hawser.upgrade;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request as the client sent it to the first of the trusted proxies: from its address, to the URL that it knows. */
final class ForwardedRequest extends Request.Wrapper {
	private final ConnectionMetaData connection;
	private final HttpURI uri;
	private final HttpFields headers;
	private final boolean secure;

	/** @param headers the request's, without those that nobody shall see */
	ForwardedRequest(Request request, HttpFields headers, ForwardedHop hop) {
		super(request);
		this.connection = hop.client() == null ? request.getConnectionMetaData()
				: new From(request.getConnectionMetaData(), hop.client());
		this.uri = uri(request.getHttpURI(), hop);
		this.headers = uri.getAuthority() == null || hop.host() == null && hop.port() == 0 ? headers
				: HttpFields.build(headers, new HostPortHttpField(uri.getHost(), Math.max(uri.getPort(), 0)));
		this.secure = hop.scheme() == null ? request.isSecure() : HttpScheme.HTTPS.is(hop.scheme());
	}

	private static HttpURI uri(HttpURI sent, ForwardedHop hop) {
		if (hop.scheme() == null && hop.host() == null && hop.port() == 0 || !String.valueOf(sent.getPath()).startsWith("/")) {
			return sent;
		}
		String scheme = hop.scheme() == null ? sent.getScheme() : hop.scheme();
		String host = hop.host() == null ? sent.getHost() : hop.host();
		int port = hop.port() > 0 || hop.host() != null ? hop.port() : sent.getPort();
		HttpURI.Mutable uri = HttpURI.build(sent).scheme(scheme);
		return (host == null ? uri : uri.authority(host, isDefault(port, scheme) ? 0 : port)).asImmutable();
	}

	private static boolean isDefault(int port, @Nullable String scheme) {
		return port == (HttpScheme.HTTPS.is(scheme) ? HttpScheme.HTTPS : HttpScheme.HTTP).getDefaultPort();
	}

	/** A connection that somebody else is at the other end of. */
	static final class From extends ConnectionMetaData.Wrapper {
		private final InetSocketAddress client;

		From(ConnectionMetaData connection, InetSocketAddress client) {
			super(connection);
			this.client = client;
		}

		@Override
		public SocketAddress getRemoteSocketAddress() {
			return client;
		}
	}

	@Override
	public ConnectionMetaData getConnectionMetaData() {
		return connection;
	}

	@Override
	public HttpURI getHttpURI() {
		return uri;
	}

	@Override
	public HttpFields getHeaders() {
		return headers;
	}

	@Override
	public boolean isSecure() {
		return secure;
	}
}
