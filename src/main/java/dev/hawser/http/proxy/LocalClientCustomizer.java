package dev.hawser.http.proxy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Gives the proxy's address to clients without one. By the PROXY protocol a client may have come by a socket in the proxy's file
 * system, which has no IP address.
 */
public final class LocalClientCustomizer implements HttpConfiguration.Customizer {

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		SocketAddress client = request.getConnectionMetaData().getRemoteSocketAddress();
		if (client instanceof InetSocketAddress inet && inet.getAddress() != null) {
			return request;
		}
		EndPoint socket = request.getConnectionMetaData().getConnection().getEndPoint();
		while (socket instanceof EndPoint.Wrapper wrapper) {
			socket = wrapper.unwrap();
		}
		return socket.getRemoteSocketAddress() instanceof InetSocketAddress proxy
				? new ForwardedRequest(request,
						OriginalRequest.of(request.getHttpURI(), request.getHeaders(), new ForwardedHop(proxy, null, null, 0)))
				: request;
	}
}
