package dev.hawser.http.upgrade;

import dev.hawser.connection.StoredRequest;
import dev.hawser.handshake.AddressedRequest;
import dev.hawser.handshake.Handshake;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.ServerHttpAsyncRequestControl;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.support.JettyHeadersAdapter;

/** A request for Spring's interceptors, made without a servlet request. Used by one thread. */
final class JettyServerHttpRequest implements AddressedRequest {
	private final HttpMethod method;
	private final String address;
	private final HttpFields fields;
	private final InetSocketAddress remote;
	private final Supplier<SocketAddress> local;
	private final Upgradable upgradable;
	private final Map<String, Object> attributes = new HashMap<>(2);
	private @Nullable URI uri;
	private @Nullable HttpHeaders headers;

	private JettyServerHttpRequest(HttpMethod method, String address, HttpFields fields, InetSocketAddress remote,
			Supplier<SocketAddress> local, Upgradable upgradable) {
		this.method = method;
		this.address = address;
		this.fields = fields;
		this.remote = remote;
		this.local = local;
		this.upgradable = upgradable;
	}

	/**
	 * Null for a request whose address is not a URI by RFC 2396, and for one whose client has gone, so that its socket has no remote address
	 * any more: the servlet container must answer it.
	 */
	static @Nullable JettyServerHttpRequest of(Request request) {
		ConnectionMetaData connection = request.getConnectionMetaData();
		if (!(connection.getRemoteSocketAddress() instanceof InetSocketAddress remote)) {
			return null;
		}
		JettyServerHttpRequest of = new JettyServerHttpRequest(HttpMethod.valueOf(request.getMethod()), request.getHttpURI().asString(),
				request.getHeaders().asImmutable(), remote, connection::getLocalSocketAddress,
				new UpgradableRequest(request));
		if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls
				&& tls.peerCertificates() != null) {
			of.attributes.put(Handshake.CERTIFICATES, tls.peerCertificates());
		}
		return of.parse() ? of : null;
	}

	/** As above, of a GET in cleartext that {@link FirstRequest} has read itself. */
	static @Nullable JettyServerHttpRequest of(String address, HttpFields fields, @Nullable SocketAddress remote, EndPoint endPoint,
			Upgradable upgradable) {
		JettyServerHttpRequest of = plain(address, fields, remote, endPoint, upgradable);
		return of != null && of.parse() ? of : null;
	}

	/** As above, of a head whose address no proxy has changed. */
	static @Nullable JettyServerHttpRequest of(RequestHead head, @Nullable SocketAddress remote, EndPoint endPoint, Upgradable upgradable) {
		JettyServerHttpRequest of = plain(head.uri(), head.headers(), remote, endPoint, upgradable);
		return of != null && (head.isSurelyUri() || of.parse()) ? of : null;
	}

	private static @Nullable JettyServerHttpRequest plain(String address, HttpFields fields, @Nullable SocketAddress remote,
			EndPoint endPoint, Upgradable upgradable) {
		return remote instanceof InetSocketAddress known
				? new JettyServerHttpRequest(HttpMethod.GET, address, fields, known, endPoint::getLocalSocketAddress, upgradable) : null;
	}

	/** Whether the address is a URI. */
	private boolean parse() {
		try {
			uri = new URI(address);
			return true;
		}
		catch (URISyntaxException e) {
			return false;
		}
	}

	Upgradable upgradable() {
		return upgradable;
	}

	@Override
	public HttpMethod getMethod() {
		return method;
	}

	@Override
	public URI getURI() {
		if (uri == null) {
			uri = URI.create(address);
		}
		return uri;
	}

	@Override
	public String address() {
		return address;
	}

	/** The attributes; at first they contain the certificates of the TLS peer, under the name that servlet containers use. */
	@Override
	public Map<String, Object> getAttributes() {
		return attributes;
	}

	/** A view of the request's headers, which do not change any more. */
	@Override
	public HttpHeaders getHeaders() {
		if (headers == null) {
			headers = new HttpHeaders(new JettyHeadersAdapter(fields));
		}
		return headers;
	}

	/** Address and headers in the form that a connection keeps, made without a map. */
	StoredRequest requestLines() {
		StoredRequest.Collector collector = new StoredRequest.Collector(address);
		for (HttpField field : fields) {
			collector.add(field.getName(), field.getValue());
		}
		return collector.lines();
	}

	@Override
	public InputStream getBody() {
		return InputStream.nullInputStream();
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return null;
	}

	@Override
	public InetSocketAddress getLocalAddress() {
		return (InetSocketAddress) local.get();
	}

	@Override
	public InetSocketAddress getRemoteAddress() {
		return remote;
	}

	@Override
	public ServerHttpAsyncRequestControl getAsyncRequestControl(ServerHttpResponse response) {
		throw new UnsupportedOperationException("A handshake is answered by the thread that handles it");
	}
}
