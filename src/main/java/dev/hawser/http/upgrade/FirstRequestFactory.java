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
public final class FirstRequestFactory extends AbstractConnectionFactory {
	/** What a status line and the end of a head need in the buffer that an answer is written from. */
	private static final int STATUS_LINE = 64;

	private final HandshakeRoutes routes;
	private final OriginalRequestCustomizer clientAddress;
	private final HeadLimits limits;
	private final HttpConnectionFactory http;

	/** @param http makes the connections for everything that is not a plain handshake */
	public FirstRequestFactory(HandshakeRoutes routes, OriginalRequestCustomizer clientAddress, HeadLimits limits,
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

	/** Bytes that the head of an answer may have. */
	int responseHeaderSize() {
		return Math.min(http.getHttpConfiguration().getResponseHeaderSize(), BufferPool.SIZE) - STATUS_LINE;
	}

	/** As much as an HTTP connection takes with its first read: what it left would wait for the client to send more. */
	int bytesAtOnce() {
		return Math.min(http.getInputBufferSize(), BufferPool.SIZE);
	}

	/** Whether each request is to be logged, which Jetty does. */
	boolean isLogged(Connector connector) {
		return connector.getServer().getRequestLog() != null;
	}

	@Nullable
	HttpField date(Connector connector) {
		return http.getHttpConfiguration().getSendDateHeader() ? connector.getServer().getDateField() : null;
	}
}
