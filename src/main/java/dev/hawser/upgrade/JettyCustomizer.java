package dev.hawser.upgrade;

import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Selectors on platform threads, requests on virtual ones: a handshake callback may block as long as it likes, and the
 * threads that read all sockets are never the ones that wait for it. Errors below Spring are problem documents too.
 */
public final class JettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		QueuedThreadPool pool = new QueuedThreadPool();
		pool.setName("jetty");
		pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("hawser-http-"));
		factory.setThreadPool(pool);
		factory.addServerCustomizers(server -> server.setErrorHandler(new ProblemErrorHandler()));
	}
}
