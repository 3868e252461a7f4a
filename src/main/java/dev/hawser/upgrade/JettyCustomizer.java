package dev.hawser.upgrade;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Selectors on platform threads, requests on virtual ones: a handshake callback may block as long as it likes, and the
 * threads that read all sockets are never the ones that wait for it. Errors below Spring are problem documents too.
 */
public final class JettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {
	/** Bytes that a client may have under way on one HTTP/2 stream. */
	private static final int STREAM_WINDOW = 64 * 1024;

	private final HandshakeShortcut shortcut;
	private final ClientAddressSettings clientAddress;
	private final Duration headTimeout;

	/** @param headTimeout time that a client has for its TLS handshake and the head of a request */
	public JettyCustomizer(HandshakeShortcut shortcut, ClientAddressSettings clientAddress, Duration headTimeout) {
		this.shortcut = shortcut;
		this.clientAddress = clientAddress;
		this.headTimeout = headTimeout;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		Executor requests = VirtualThreads.getNamedVirtualThreadsExecutor("hawser-http-");
		QueuedThreadPool pool = new QueuedThreadPool();
		pool.setName("jetty");
		pool.setVirtualThreadsExecutor(requests);
		factory.setThreadPool(pool);
		factory.setUseForwardHeaders(false); // Spring Boot's way believes everybody, and is on by itself in Kubernetes
		factory.addServerCustomizers(server -> customize(server, requests));
	}

	private void customize(Server server, Executor requests) {
		server.setErrorHandler(new ProblemErrorHandler());
		server.setHandler(shortcut.before(new ExtendedConnectHandler(server.getHandler()), requests));
		SelectingConnector.use(server);
		for (Connector connector : server.getConnectors()) {
			usePriorKnowledge((ServerConnector) connector);
			connector.addEventListener(new HandshakeDeadline(headTimeout, connector.getScheduler()));
			connector.getConnectionFactories().stream().filter(HttpConfiguration.ConnectionFactory.class::isInstance)
					.map(factory -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration()).distinct()
					.forEach(this::customize);
			if (clientAddress.proxyProtocol()) {
				((ServerConnector) connector).addFirstConnectionFactory(new TrustedProxyProtocol(proxies()));
			}
			connector.getConnectionFactories().stream().filter(AbstractHTTP2ServerConnectionFactory.class::isInstance)
					.map(AbstractHTTP2ServerConnectionFactory.class::cast).forEach(JettyCustomizer::widen);
		}
	}

	private void customize(HttpConfiguration configuration) {
		if (clientAddress.proxyProtocol()) {
			configuration.addCustomizer(new LocalClientCustomizer());
		}
		configuration.addCustomizer(new ClientAddressCustomizer(proxies()));
	}

	private TrustedProxies proxies() {
		return new TrustedProxies(clientAddress.trustedProxies());
	}

	private static void usePriorKnowledge(ServerConnector connector) {
		HTTP2CServerConnectionFactory cleartext = connector.getConnectionFactory(HTTP2CServerConnectionFactory.class);
		if (cleartext != null) {
			connector.removeConnectionFactory(cleartext.getProtocol());
			connector.addConnectionFactory(new PriorKnowledgeHttp2(cleartext.getHttpConfiguration()));
		}
	}

	/** Room on a connection for what every stream may have unread: a callback that holds one up must not stop the others. */
	private static void widen(AbstractHTTP2ServerConnectionFactory http2) {
		http2.setInitialStreamRecvWindow(STREAM_WINDOW);
		http2.setInitialSessionRecvWindow(STREAM_WINDOW * http2.getMaxConcurrentStreams());
	}
}
