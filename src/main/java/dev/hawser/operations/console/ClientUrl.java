package dev.hawser.operations.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/** Where the page finds the clients' port: at the configured public URL, otherwise on the host that the page came from. */
final class ClientUrl {
	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]+");

	private final Environment environment;

	ClientUrl(Environment environment) {
		this.environment = environment;
	}

	/** {@code ws://host:port} or {@code wss://host:port}, with the path of the public URL. */
	String of(HttpServletRequest request) {
		String configured = environment.getProperty("hawser.public-url");
		if (configured != null) {
			return configured.replaceFirst("^http", "ws").replaceFirst("/$", "");
		}
		String host = HOST.matcher(request.getServerName()).matches() ? request.getServerName() : "localhost";
		boolean tls = environment.containsProperty("server.ssl.bundle") || environment.containsProperty("server.ssl.key-store")
				|| environment.containsProperty("server.ssl.certificate");
		return (tls ? "wss://" : "ws://") + host + ':' + environment.getProperty("local.server.port", "9501");
	}

	/** The same without a path, as a source of a Content-Security-Policy. */
	String source(HttpServletRequest request) {
		URI url = URI.create(of(request));
		return url.getScheme() + "://" + url.getAuthority();
	}
}
