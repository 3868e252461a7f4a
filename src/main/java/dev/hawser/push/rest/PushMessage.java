package dev.hawser.push.rest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Names the push API in the start-up log, before the address for clients, with which the log ends. A key is shown only if it was made for
 * this process, in the connection string that SDKs take.
 */
final class PushMessage implements ApplicationListener<ApplicationReadyEvent>, Ordered {
	private static final Logger LOG = LoggerFactory.getLogger(PushMessage.class);
	private static final int AFTER_THE_OPERATIONS = 1;

	private final PushKeys keys;

	PushMessage(PushKeys keys) {
		this.keys = keys;
	}

	@Override
	public int getOrder() {
		return AFTER_THE_OPERATIONS;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		String made = keys.madeKey();
		if (made == null) {
			if (keys.any()) {
				LOG.info("Push API: on the {}", keys.areForClientPort() ? "ports of the operations and of clients" : "operations' port");
			}
			return;
		}
		String connectionString = connectionString(event, made);
		if (connectionString != null) {
			LOG.info("No hawser.push.key is set: this development key for the push API is valid until the server stops");
			LOG.info("Push API: {}", connectionString);
		}
	}

	/** Null when no port has a push API. */
	private @Nullable String connectionString(ApplicationReadyEvent event, String key) {
		String endpoint = "http://127.0.0.1";
		String port = event.getApplicationContext().getEnvironment().getProperty("local.management.port");
		if (keys.areForClientPort() && event.getApplicationContext() instanceof WebServerApplicationContext web
				&& web.getWebServer() != null) {
			ServerProperties server = event.getApplicationContext().getBeanProvider(ServerProperties.class).getIfAvailable();
			endpoint = server != null && Ssl.isEnabled(server.getSsl()) ? "https://localhost" : endpoint;
			port = Integer.toString(web.getWebServer().getPort());
		}
		return port == null ? null : "Endpoint=" + endpoint + ";Port=" + port + ";AccessKey=" + key + ";Version=1.0;";
	}
}
