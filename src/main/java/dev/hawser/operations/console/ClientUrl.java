package dev.hawser.operations.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/** Where the page finds the clients' port: at the configured public URL, otherwise on the host that the page came from. */
final class ClientUrl {
	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]+");

	private final Environment environment;
	private final Supplier<ServerProperties> server;
	private final String prefix;

	/**
	 * @param server says whether the clients' port has TLS; asked for each request, since a context without a web server has none
	 * @param prefix what stands before each path on the clients' port, such as {@code /app}; empty for nothing
	 */
	ClientUrl(Environment environment, Supplier<ServerProperties> server, String prefix) {
		this.environment = environment;
		this.server = server;
		this.prefix = prefix;
	}

	/** {@code ws://host:port} or {@code wss://host:port}, with what stands before the path of a hub. */
	String of(HttpServletRequest request) {
		String configured = environment.getProperty("hawser.public-url");
		if (configured != null) {
			return configured.replaceFirst("^(?i)http", "ws").replaceFirst("/$", "");
		}
		String host = HOST.matcher(request.getServerName()).matches() ? request.getServerName() : "localhost";
		return (Ssl.isEnabled(server.get().getSsl()) ? "wss://" : "ws://") + host + ':'
				+ environment.getProperty("local.server.port", "9501") + prefix;
	}

	/** The same without a path, as a source of a Content-Security-Policy. */
	String source(HttpServletRequest request) {
		URI url = URI.create(of(request));
		boolean isAddress = url.getAuthority().startsWith("["); // which a policy cannot name
		return url.getScheme() + (isAddress ? ":" : "://" + url.getAuthority());
	}
}
