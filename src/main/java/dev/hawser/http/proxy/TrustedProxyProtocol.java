package dev.hawser.http.proxy;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;

/**
 * Reads the header of the PROXY protocol (version 1 or 2) from trusted proxies only. A trusted proxy must send it: if the header
 * were optional, a client behind a proxy that sends none could send a forged one.
 */
final class TrustedProxyProtocol extends AbstractConnectionFactory {
	private final TrustedProxies proxies;

	TrustedProxyProtocol(TrustedProxies proxies) {
		super("proxy");
		this.proxies = proxies;
	}

	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		ConnectionFactory next = connector.getConnectionFactory(findNextProtocol(connector));
		return proxies.trust(endPoint.getRemoteSocketAddress())
				? configure(new ProxyHeaderConnection(connector, endPoint, next), connector, endPoint)
				: next.newConnection(connector, endPoint);
	}
}
