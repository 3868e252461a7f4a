package dev.hawser.upgrade;

import dev.hawser.connection.RequestLines;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.ServerHttpAsyncRequestControl;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.support.JettyHeadersAdapter;

/** Jetty's request as Spring's interceptors see it, without a servlet request in between. Used by one thread. */
final class JettyServerHttpRequest implements ServerHttpRequest {
	private final Request request;
	private final URI uri;
	private @Nullable HttpHeaders headers;
	private @Nullable Map<String, Object> attributes;

	private JettyServerHttpRequest(Request request, URI uri) {
		this.request = request;
		this.uri = uri;
	}

	/** Null for a request whose address is no URI by RFC 2396: somebody else has to say what is wrong with it. */
	static @Nullable JettyServerHttpRequest of(Request request) {
		try {
			return new JettyServerHttpRequest(request, new URI(request.getHttpURI().asString()));
		}
		catch (URISyntaxException e) {
			return null;
		}
	}

	Request request() {
		return request;
	}

	@Override
	public HttpMethod getMethod() {
		return HttpMethod.valueOf(request.getMethod());
	}

	@Override
	public URI getURI() {
		return uri;
	}

	/** In the beginning the certificates of the TLS peer, under the name that servlet containers use. */
	@Override
	public Map<String, Object> getAttributes() {
		if (attributes == null) {
			attributes = new HashMap<>();
			if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls
					&& tls.peerCertificates() != null) {
				attributes.put("jakarta.servlet.request.X509Certificate", tls.peerCertificates());
			}
		}
		return attributes;
	}

	/** A view of the request's, which never change again. */
	@Override
	public HttpHeaders getHeaders() {
		if (headers == null) {
			headers = new HttpHeaders(new JettyHeadersAdapter(request.getHeaders().asImmutable()));
		}
		return headers;
	}

	/** Address and headers in the form in which a connection keeps them, without the way over a map. */
	RequestLines requestLines() {
		RequestLines.Collector collector = new RequestLines.Collector(uri.toString());
		for (HttpField field : request.getHeaders()) {
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
		return (InetSocketAddress) request.getConnectionMetaData().getLocalSocketAddress();
	}

	@Override
	public InetSocketAddress getRemoteAddress() {
		return (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
	}

	@Override
	public ServerHttpAsyncRequestControl getAsyncRequestControl(ServerHttpResponse response) {
		throw new UnsupportedOperationException("A handshake is answered by the thread that handles it");
	}
}
