package dev.hawser.http.proxy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/** A request with the client's address and URL, as the client sent it to the first of the trusted proxies. */
final class ForwardedRequest extends Request.Wrapper {
	private final ConnectionMetaData connection;
	private final HttpURI uri;
	private final HttpFields headers;
	private final boolean secure;

	ForwardedRequest(Request request, OriginalRequest sent) {
		super(request);
		this.connection = sent.client() == null ? request.getConnectionMetaData()
				: new From(request.getConnectionMetaData(), sent.client());
		this.uri = sent.uri();
		this.headers = sent.headers();
		this.secure = sent.scheme() == null ? request.isSecure() : HttpScheme.HTTPS.is(sent.scheme());
	}

	/** The connection, with the client's address in place of the proxy's. */
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
