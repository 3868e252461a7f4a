package dev.hawser.http;

import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Lets a CONNECT pass only if it asks for a WebSocket on an HTTP/2 stream ({@code :protocol: websocket}, RFC 8441). The servlet API
 * does not show that field: code behind this handler may rely on it when the method is CONNECT.
 */
final class ExtendedConnectHandler extends Handler.Wrapper {

	ExtendedConnectHandler(@Nullable Handler next) {
		super(next);
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		if (HttpMethod.CONNECT.is(request.getMethod()) && !isForWebSocket(request.getTunnelSupport())) {
			// RFC 9220 section 3, on an unknown protocol: "SHOULD respond to the request with a 501 (Not Implemented)"
			Response.writeError(request, response, callback, HttpStatus.NOT_IMPLEMENTED_501);
			return true;
		}
		return super.handle(request, response, callback);
	}

	private static boolean isForWebSocket(@Nullable TunnelSupport tunnel) {
		return tunnel != null && "websocket".equalsIgnoreCase(tunnel.getProtocol());
	}
}
