package dev.hawser.http.proxy;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the header of the PROXY protocol (version 1 or 2) from trusted proxies only. A trusted proxy must send it: if the header
 * were optional, a client behind a proxy that sends none could send a forged one.
 */
public final class TrustedProxyProtocol extends ProxyConnectionFactory {
	private static final Logger LOG = LoggerFactory.getLogger(TrustedProxyProtocol.class);

	private final TrustedProxies proxies;

	public TrustedProxyProtocol(TrustedProxies proxies) {
		this.proxies = proxies;
	}

	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		return proxies.trust(endPoint.getRemoteSocketAddress()) ? super.newConnection(connector, endPoint)
				: connector.getConnectionFactory(findNextProtocol(connector)).newConnection(connector, endPoint);
	}

	/** Closes a connection that does not begin with a PROXY header. */
	@Override
	protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer buffer) {
		LOG.debug("A trusted proxy at {} sent no PROXY header; its connection is closed", endPoint.getRemoteSocketAddress());
		endPoint.close();
	}
}
