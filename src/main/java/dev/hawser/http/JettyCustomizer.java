package dev.hawser.http;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.http.proxy.ClientAddressSettings;
import dev.hawser.http.upgrade.HandshakeRoutes;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Sets up Jetty for the clients' port. Selectors run on platform threads and requests on virtual threads: a handshake callback may
 * block for long, and never blocks a thread that reads sockets. Errors below Spring are answered with problem documents as well.
 */
final class JettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, BeanClassLoaderAware {
	/** Unread bytes that a client may have sent on one HTTP/2 stream. */
	private static final int STREAM_WINDOW = 64 * 1024;

	private final HandshakeRoutes routes;
	private final String contextPath;
	private final ClientAddressSettings clientAddress;
	private final RequestSettings settings;
	private final HeadLimits limits;
	private final MemoryBudget memory;
	private final Consumer<String> refused;
	private @Nullable ClassLoader application;

	/**
	 * @param contextPath what stands before every path of this port; empty for nothing
	 * @param memory  charged for the bodies of requests
	 * @param refused receives the reason of each request that is refused before it is routed
	 */
	JettyCustomizer(HandshakeRoutes routes, String contextPath, ClientAddressSettings clientAddress, RequestSettings settings,
			MemoryBudget memory, Consumer<String> refused) {
		this.contextPath = contextPath;
		this.memory = memory;
		this.routes = routes;
		this.clientAddress = clientAddress;
		this.settings = settings;
		this.limits = settings.limits();
		this.refused = refused;
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		application = classLoader;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		Executor requests = VirtualThreads.getNamedVirtualThreadsExecutor("hawser-http-");
		QueuedThreadPool pool = new ApplicationThreadPool("jetty", application);
		pool.setVirtualThreadsExecutor(requests);
		factory.setThreadPool(pool);
		factory.setUseForwardHeaders(false); // Spring Boot's handling trusts every client, and is on by default in Kubernetes
		factory.addServerCustomizers(SecretFreeRequestLog::protect);
		factory.addServerCustomizers(server -> customize(server, requests));
		if (factory instanceof AbstractConfigurableWebServerFactory boot) {
			factory.addServerCustomizers(server -> reloadCertificates(server, boot.getSsl(), boot.getSslBundles()));
		}
	}

	private static void reloadCertificates(Server server, @Nullable Ssl ssl, @Nullable SslBundles bundles) {
		String name = Ssl.isEnabled(ssl) ? ssl.getBundle() : null;
		if (name == null || bundles == null) {
			return;
		}
		for (Connector connector : server.getConnectors()) {
			SslConnectionFactory tls = connector.getConnectionFactory(SslConnectionFactory.class);
			if (tls != null) {
				bundles.addBundleUpdateHandler(name, new CertificateReload(name, tls.getSslContextFactory())::update);
			}
		}
	}

	private void customize(Server server, Executor requests) {
		server.setErrorHandler(new ProblemErrorHandler(refused));
		EncodedPaths.allowIn(server, contextPath);
		Handler limited = new RequestBodyLimits(server.getHandler(), settings, memory);
		server.setHandler(routes.before(new ExtendedConnectHandler(limited), requests));
		SelectorThreadConnector.use(server, refused);
		for (Connector connector : server.getConnectors()) {
			customize((ServerConnector) connector);
		}
	}

	private void customize(ServerConnector connector) {
		connector.addEventListener(new RequestDeadline(settings.timeout(), connector.getScheduler()));
		connector.getConnectionFactories().stream().filter(HttpConfiguration.ConnectionFactory.class::isInstance)
				.map(factory -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration()).distinct()
				.forEach(this::customize);
		connector.setConnectionFactories(connector.getConnectionFactories().stream().map(this::replace).toList());
		if (clientAddress.proxyProtocol()) {
			connector.addFirstConnectionFactory(clientAddress.proxyHeaders());
		}
		else if (connector instanceof SelectorThreadConnector plain
				&& plain.getDefaultConnectionFactory() instanceof HttpConnectionFactory http) {
			plain.firstRequestWithin(settings.timeout());
			plain.addFirstConnectionFactory(routes.firstRequests(clientAddress.customizer(), limits, http));
		}
	}

	private void customize(HttpConfiguration configuration) {
		limits.applyTo(configuration);
		CertificateHostCheck.replaceIn(configuration, settings);
		configuration.addCustomizer(clientAddress.customizer());
	}

	private ConnectionFactory replace(ConnectionFactory factory) {
		return switch (factory) {
			case HTTP2CServerConnectionFactory cleartext ->
				widen(new PriorKnowledgeHttp2(limits.forHttp2(cleartext.getHttpConfiguration())));
			case HTTP2ServerConnectionFactory tls -> widen(new TlsHttp2(limits.forHttp2(tls.getHttpConfiguration())));
			default -> factory;
		};
	}

	/**
	 * Makes the connection's window twice the sum of all streams' windows. If callbacks hold up all streams but one, these take
	 * half of the window. Jetty gives the client new credit when half has been read, and the last stream can always read that much.
	 */
	private static ConnectionFactory widen(AbstractHTTP2ServerConnectionFactory http2) {
		http2.setInitialStreamRecvWindow(STREAM_WINDOW);
		http2.setInitialSessionRecvWindow(2 * STREAM_WINDOW * http2.getMaxConcurrentStreams());
		return http2;
	}
}
