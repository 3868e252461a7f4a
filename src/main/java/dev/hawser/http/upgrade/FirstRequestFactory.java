package dev.hawser.http.upgrade;

import dev.hawser.connection.outbox.BufferPool;
import dev.hawser.http.HeadLimits;
import dev.hawser.http.proxy.OriginalRequestCustomizer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Puts {@link FirstRequest} in front of Jetty's HTTP connections, on a connector with a {@link PushbackEndPoint} for each socket. */
final class FirstRequestFactory extends AbstractConnectionFactory {
	/** Bytes that the status line and the end of the head need in an answer's buffer. */
	private static final int STATUS_LINE = 64;

	private final HandshakeRoutes routes;
	private final OriginalRequestCustomizer clientAddress;
	private final HeadLimits limits;
	private final HttpConnectionFactory http;

	/** @param http makes the connections for everything that is not a plain handshake */
	FirstRequestFactory(HandshakeRoutes routes, OriginalRequestCustomizer clientAddress, HeadLimits limits,
			HttpConnectionFactory http) {
		super("websocket");
		this.routes = routes;
		this.clientAddress = clientAddress;
		this.limits = limits;
		this.http = http;
	}

	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		return configure(new FirstRequest(this, connector, (PushbackEndPoint) endPoint), connector, endPoint);
	}

	HandshakeRoutes routes() {
		return routes;
	}

	OriginalRequestCustomizer clientAddress() {
		return clientAddress;
	}

	HeadLimits limits() {
		return limits;
	}

	HttpConnectionFactory http() {
		return http;
	}

	/** Most bytes of an answer's head. */
	int responseHeaderSize() {
		return Math.min(http.getHttpConfiguration().getResponseHeaderSize(), BufferPool.SIZE) - STATUS_LINE;
	}

	/**
	 * Bytes of one read. Not more than an HTTP connection takes with its first read: the rest would wait until the client sends
	 * more.
	 */
	int bytesAtOnce() {
		return Math.min(http.getInputBufferSize(), BufferPool.SIZE);
	}

	/** Whether an access log is configured: then Jetty must handle each request. */
	boolean isLogged(Connector connector) {
		return connector.getServer().getRequestLog() != null;
	}

	@Nullable
	HttpField date(Connector connector) {
		return http.getHttpConfiguration().getSendDateHeader() ? connector.getServer().getDateField() : null;
	}
}
