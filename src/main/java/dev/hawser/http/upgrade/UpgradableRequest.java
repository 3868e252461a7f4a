package dev.hawser.http.upgrade;

import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request that Jetty has read and will answer. Jetty looks at {@link HttpStream#UPGRADE_CONNECTION_ATTRIBUTE} when the response
 * is complete and swaps the connection on its endpoint; bytes that it has already read are handed over.
 */
record UpgradableRequest(Request request) implements Upgradable {

	@Override
	public boolean isStream() {
		return HttpMethod.CONNECT.is(request.getMethod());
	}

	@Override
	public JettyTransport newTransport() {
		ConnectionMetaData connection = request.getConnectionMetaData();
		SocketAddress remote = connection.getRemoteSocketAddress();
		return isStream() ? new Http2Transport(request.getTunnelSupport().getEndPoint(), remote, StreamWrites.of(connection))
				: new JettyTransport(connection.getConnection().getEndPoint(), remote);
	}

	@Override
	public void become(@Nullable JettyTransport transport) {
		request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, transport);
	}
}
