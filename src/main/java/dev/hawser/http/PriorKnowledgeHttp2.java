package dev.hawser.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 without TLS, for clients that begin with its preface (RFC 9113 section 3.3). {@code Upgrade: h2c} is ignored: section 3.1
 * has deprecated it, and through a proxy that forwards {@code Upgrade} for WebSockets a client could use it to bypass the proxy's
 * rules.
 */
final class PriorKnowledgeHttp2 extends HTTP2CServerConnectionFactory {

	PriorKnowledgeHttp2(HttpConfiguration configuration) {
		super(configuration);
	}

	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		return StreamErrors.keptIn(super.newConnection(connector, endPoint));
	}

	@Override
	public @Nullable Connection upgradeConnection(Connector connector, EndPoint endPoint, MetaData.Request request,
			HttpFields.Mutable response) {
		return HttpMethod.PRI.is(request.getMethod()) ? super.upgradeConnection(connector, endPoint, request, response) : null;
	}
}
