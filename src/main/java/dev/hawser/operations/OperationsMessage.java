package dev.hawser.operations;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/** Names the operations' port in the start-up log, before the address for clients, with which the log ends. */
final class OperationsMessage implements ApplicationListener<ApplicationReadyEvent>, Ordered {
	private static final Logger LOG = LoggerFactory.getLogger(OperationsMessage.class);

	private final boolean operable;

	/** @param operable whether an operators' key is configured */
	OperationsMessage(boolean operable) {
		this.operable = operable;
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getProperty("local.management.port");
		if (port != null) {
			LOG.info("Operations: port {}{}", port, operable ? "" : ", health and metrics only: no hawser.operations.key is set");
		}
	}
}
