package dev.hawser.operations.console;

import dev.hawser.operations.OperatorKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/** Names the page in the start-up log of a development start, with the key that signs in. */
final class ConsoleMessage implements ApplicationListener<ApplicationReadyEvent>, Ordered {
	private static final Logger LOG = LoggerFactory.getLogger(ConsoleMessage.class);

	private final OperatorKey key;

	ConsoleMessage(OperatorKey key) {
		this.key = key;
	}

	/** After the line on the operations' port. */
	@Override
	public int getOrder() {
		return 1;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getProperty("local.management.port");
		String generated = key.generated();
		if (port != null && generated != null) {
			LOG.info("Console: http://localhost:{}/console/#{}", port, generated);
		}
	}
}
