package dev.hawser.operations.console;

import dev.hawser.operations.OperatorKey;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Names the page in the start-up log of a development start, with the key that signs in. */
final class ConsoleMessage implements ApplicationListener<ApplicationReadyEvent>, Ordered {
	private static final Logger LOG = LoggerFactory.getLogger(ConsoleMessage.class);

	private final OperatorKey key;
	private final BooleanSupplier showsPayloads;

	ConsoleMessage(OperatorKey key, BooleanSupplier showsPayloads) {
		this.key = key;
		this.showsPayloads = showsPayloads;
	}

	/** After the line on the operations' port. */
	@Override
	public int getOrder() {
		return 1;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		String port = environment.getProperty("local.management.port");
		String generated = key.generated();
		if (port != null && generated != null) {
			LOG.info("Console: {}://localhost:{}{}/console/#{}", scheme(environment), port, path(environment), generated);
		}
		if (showsPayloads.getAsBoolean()) {
			LOG.warn("hawser.console.show-payloads is on: who signs in to the console sees what clients and server say to each other");
		}
	}

	private static boolean isOnPortOfClients(Environment environment) {
		return ManagementPortType.get(environment) == ManagementPortType.SAME;
	}

	private static String scheme(Environment environment) {
		String ssl = (isOnPortOfClients(environment) ? "server" : "management.server") + ".ssl.";
		boolean hasKeys = environment.containsProperty(ssl + "key-store") || environment.containsProperty(ssl + "certificate")
				|| environment.containsProperty(ssl + "bundle");
		return hasKeys && environment.getProperty(ssl + "enabled", Boolean.class, true) ? "https" : "http";
	}

	private static String path(Environment environment) {
		String path = environment.getProperty(
				isOnPortOfClients(environment) ? "server.servlet.context-path" : "management.server.base-path",
				"");
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}
}
