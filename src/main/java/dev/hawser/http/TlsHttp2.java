package dev.hawser.http;

import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;

/** HTTP/2 over TLS, in which a malformed request affects only its own stream. */
final class TlsHttp2 extends HTTP2ServerConnectionFactory {

	TlsHttp2(HttpConfiguration configuration) {
		super(configuration);
	}

	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		return StreamErrors.keptIn(super.newConnection(connector, endPoint));
	}
}
