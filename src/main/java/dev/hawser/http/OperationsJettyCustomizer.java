package dev.hawser.http;

import dev.hawser.connection.limit.MemoryBudget;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Sets up Jetty for the operations' port: with few threads, since probes and scrapes come every few seconds, and without
 * WebSockets.
 */
final class OperationsJettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, BeanClassLoaderAware {
	/** One thread accepts and one selects; the others are for Jetty's own work. Requests run on virtual threads. */
	private static final int MOST_THREADS = 8;

	private final RequestSettings settings;
	private final MemoryBudget memory;
	private final boolean hasTls;
	private @Nullable ClassLoader application;

	/**
	 * @param memory charged for the bodies of requests
	 * @param hasTls whether the operations have TLS of their own; that of the clients' port is not theirs
	 */
	OperationsJettyCustomizer(RequestSettings settings, MemoryBudget memory, boolean hasTls) {
		this.memory = memory;
		this.settings = settings;
		this.hasTls = hasTls;
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
		factory.setAcceptors(1);
		factory.setSelectors(1);
		factory.addServerCustomizers(SecretFreeRequestLog::protect);
		factory.addServerCustomizers(this::customize);
	}

	private void customize(Server server) {
		server.setErrorHandler(new ProblemErrorHandler(_ -> {
		}));
		server.setHandler(new RequestBodyLimits(server.getHandler(), settings, memory));
		for (Connector connector : server.getConnectors()) {
			connector.addEventListener(new RequestDeadline(settings.timeout(), connector.getScheduler()));
		}
	}
}
