package dev.hawser.http;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.http.proxy.ClientAddressSettings;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Sets up Jetty for the operations' port: with few threads, since probes and scrapes come every few seconds, and without
 * WebSockets.
 */
final class OperationsJettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, BeanClassLoaderAware {
	/** One thread accepts and one selects; the others are for Jetty's own work. Requests run on virtual threads. */
	private static final int MOST_THREADS = 8;

	private final RequestSettings settings;
	private final ClientAddressSettings clientAddress;
	private final String contextPath;
	private final MemoryBudget memory;
	private final boolean hasTls;
	private @Nullable ClassLoader application;

	/**
	 * @param memory charged for the bodies of requests
	 * @param own    the port's own properties; TLS of the clients' port is not that of this one
	 */
	OperationsJettyCustomizer(RequestSettings settings, ClientAddressSettings clientAddress, MemoryBudget memory,
			ManagementServerProperties own) {
		this.memory = memory;
		this.settings = settings;
		this.clientAddress = clientAddress;
		this.contextPath = own.getBasePath();
		this.hasTls = Ssl.isEnabled(own.getSsl());
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		application = classLoader;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		QueuedThreadPool pool = new ApplicationThreadPool("operations", application);
		pool.setMinThreads(2);
		pool.setMaxThreads(MOST_THREADS);
		pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("hawser-operations-"));
		factory.setThreadPool(pool);
		if (!hasTls) {
			factory.setSsl(null); // Spring Boot has set what server.ssl.* says of the clients' port
		}
		factory.setUseForwardHeaders(false); // Spring Boot's handling trusts every sender, and is on by default in Kubernetes
		factory.setAcceptors(1);
		factory.setSelectors(1);
		factory.addServerCustomizers(SecretFreeRequestLog::protect);
		factory.addServerCustomizers(this::customize);
	}

	private void customize(Server server) {
		server.setErrorHandler(new ProblemErrorHandler(_ -> {
		}));
		server.setHandler(new RequestBodyLimits(server.getHandler(), settings, memory));
		EncodedPaths.allowIn(server, contextPath);
		for (Connector connector : server.getConnectors()) {
			connector.getConnectionFactories().stream().filter(HttpConfiguration.ConnectionFactory.class::isInstance)
					.map(factory -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration()).distinct()
					.forEach(configuration -> configuration.addCustomizer(clientAddress.customizer()));
			connector.addEventListener(new RequestDeadline(settings.timeout(), connector.getScheduler()));
		}
	}
}
