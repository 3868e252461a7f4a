package dev.hawser.http.upgrade;

import dev.hawser.connection.outbox.BufferPool;
import dev.hawser.http.HeadLimits;
import dev.hawser.http.RequestDeadline;
import dev.hawser.http.RequestSettings;
import dev.hawser.http.SelectorThreadConnector;
import dev.hawser.http.proxy.OriginalRequestCustomizer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Puts {@link FirstRequest} in front of Jetty's HTTP connections. */
public final class FirstRequestFactory extends AbstractConnectionFactory {
	private final HandshakeRoutes shortcut;
	private final OriginalRequestCustomizer clientAddress;
	private final RequestSettings settings;
	private final HeadLimits limits;
	private final HttpConnectionFactory http;

	private FirstRequestFactory(HandshakeRoutes shortcut, OriginalRequestCustomizer clientAddress, RequestSettings settings,
			HttpConnectionFactory http) {
		super("websocket");
		this.shortcut = shortcut;
		this.clientAddress = clientAddress;
		this.settings = settings;
		this.limits = settings.limits();
		this.http = http;
	}

	/** Only where sockets begin with HTTP/1.1 in cleartext: not in TLS, nor where a proxy introduces its clients first. */
	public static void use(Connector connector, HandshakeRoutes shortcut, OriginalRequestCustomizer clientAddress,
			RequestSettings settings) {
		if (connector instanceof SelectorThreadConnector plain
				&& plain.getDefaultConnectionFactory() instanceof HttpConnectionFactory http) {
			plain.addFirstConnectionFactory(new FirstRequestFactory(shortcut, clientAddress, settings, http));
		}
	}

	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		return configure(new FirstRequest(this, connector, (PushbackEndPoint) endPoint), connector, endPoint);
	}

	HandshakeRoutes shortcut() {
		return shortcut;
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

	/** Milliseconds that a socket may be silent before its first request; 0 where {@link RequestDeadline} is the stricter one. */
	public long idleTimeout(Connector connector) {
		return settings.timeout().toMillis() <= connector.getIdleTimeout() ? 0 : connector.getIdleTimeout();
	}

	/** As much as an HTTP connection takes with its first read: what it left would wait for the client to send more. */
	int bytesAtOnce() {
		return Math.min(http.getInputBufferSize(), BufferPool.SIZE);
	}

	/** Whether somebody wants a line for each request, which Jetty writes. */
	boolean isLogged(Connector connector) {
		return connector.getServer().getRequestLog() != null;
	}

	@Nullable
	HttpField date(Connector connector) {
		return http.getHttpConfiguration().getSendDateHeader() ? connector.getServer().getDateField() : null;
	}
}
