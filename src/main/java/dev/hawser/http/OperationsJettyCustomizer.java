package dev.hawser.http;

import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * The server of the operations' port: small, since probes and scrapes come every few seconds, and plain, since no WebSocket
 * is opened there.
 */
final class OperationsJettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {
	/** One accepts, one selects; the rest is room for Jetty's own work. Requests run on virtual threads. */
	private static final int MOST_THREADS = 8;
	private static final Consumer<String> NOT_COUNTED = _ -> {
	};

	private final RequestSettings settings;

	OperationsJettyCustomizer(RequestSettings settings) {
		this.settings = settings;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		QueuedThreadPool pool = new QueuedThreadPool(MOST_THREADS, 2);
		pool.setName("operations");
		pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("hawser-operations-"));
		factory.setThreadPool(pool);
		factory.setAcceptors(1);
		factory.setSelectors(1);
		factory.addServerCustomizers(this::customize);
	}

	private void customize(Server server) {
		server.setErrorHandler(new ProblemErrorHandler(NOT_COUNTED));
		server.setHandler(new RequestBodyLimits(server.getHandler(), settings));
		for (Connector connector : server.getConnectors()) {
			connector.addEventListener(new RequestDeadline(settings.timeout(), connector.getScheduler()));
		}
	}
}
