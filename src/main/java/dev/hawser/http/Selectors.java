package dev.hawser.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The selectors of a server, to be asked for a sign of life. */
final class Selectors {
	private Selectors() {
	}

	/** The selectors that run now, by a name for the log. An executor runs a task between two selects. */
	static Map<String, Executor> of(Server server) {
		Map<String, Executor> running = new HashMap<>();
		Arrays.stream(server.getConnectors()).filter(ServerConnector.class::isInstance).map(ServerConnector.class::cast)
				.forEach(connector -> add(connector, running));
		return running;
	}

	private static void add(ServerConnector connector, Map<String, Executor> running) {
		List<ManagedSelector> selectors = List.copyOf(connector.getSelectorManager().getBeans(ManagedSelector.class));
		for (int i = 0; i < selectors.size(); i++) {
			ManagedSelector selector = selectors.get(i);
			if (connector.isRunning() && selector.isRunning()) {
				running.put("selector " + i + " of port " + connector.getLocalPort(), task -> selector.submit(_ -> task.run()));
			}
		}
	}
}
