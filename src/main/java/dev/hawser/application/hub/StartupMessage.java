package dev.hawser.application.hub;

import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.TokenSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Ends the start-up log with the address for clients and a command for a first try. A token is shown only if it is a development token,
 * signed with a key that was generated for this process.
 */
final class StartupMessage implements ApplicationListener<ApplicationReadyEvent> {
	private static final Logger LOG = LoggerFactory.getLogger(StartupMessage.class);

	private final TokenSettings settings;
	private final DevelopmentToken.Secret secret;
	private final String path;

	/** @param path the path of the hub {@code default}, as clients write it */
	StartupMessage(TokenSettings settings, DevelopmentToken.Secret secret, String path) {
		this.path = path;
		this.settings = settings;
		this.secret = secret;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (!(event.getApplicationContext() instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
			return;
		}
		String url = (usesTls(event) ? "wss" : "ws") + "://localhost:" + web.getWebServer().getPort() + path;
		if (!settings.required()) {
			LOG.info("WebSocket, no token needed: {}", url);
			LOG.info("Try it: npx wscat -c \"{}\"", url);
		}
		else if (secret.generated() != null) {
			String ticket = url + "?access_token=" + DevelopmentToken.mint(secret.generated(), settings.audience());
			LOG.info("No hawser.handshake.token.secret or other key is set: this development token is valid until the server stops,"
					+ " 24 h at most");
			LOG.info("WebSocket: {}", ticket);
			LOG.info("Try it: npx wscat -c \"{}\"", ticket);
		}
		else {
			LOG.info("WebSocket: {}?access_token=<a token that hawser.handshake.token.* accepts>", url);
			LOG.info("Try it: npx wscat -c \"{}?access_token=$TOKEN\"", url);
		}
	}

	private static boolean usesTls(ApplicationReadyEvent event) {
		ServerProperties properties = event.getApplicationContext().getBeanProvider(ServerProperties.class).getIfAvailable();
		return properties != null && Ssl.isEnabled(properties.getSsl());
	}
}
