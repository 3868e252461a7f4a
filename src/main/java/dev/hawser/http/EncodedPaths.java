package dev.hawser.http;

import dev.hawser.http.proxy.RefusedRequestException;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;

/**
 * Lets the paths of the push API have percent-encoded slashes, percent signs, backslashes and control characters, since ids and names
 * of groups are segments there. The push API reads its paths still encoded. Every other path with them is refused with 400 as before:
 * other code could read a decoded path in two ways.
 */
final class EncodedPaths implements HttpConfiguration.Customizer {
	private static final String API = "/api/hubs/";
	private static final Set<Violation> ENCODED = EnumSet.of(Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_ENCODING,
			Violation.SUSPICIOUS_PATH_CHARACTERS);

	private static final Pattern UP = Pattern.compile("/(\\.|%2e){1,2}(/|;|$)", Pattern.CASE_INSENSITIVE);

	private final String prefix;

	private EncodedPaths(String contextPath) {
		this.prefix = contextPath + API;
	}

	/** @param contextPath what stands before every path of this server; empty for nothing */
	static void allowIn(Server server, String contextPath) {
		EncodedPaths paths = new EncodedPaths(contextPath);
		for (Connector connector : server.getConnectors()) {
			connector.getConnectionFactories().stream().filter(HttpConfiguration.ConnectionFactory.class::isInstance)
					.map(factory -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration()).distinct()
					.forEach(paths::allowIn);
		}
		server.getDescendants(ServletContextHandler.class).forEach(context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
	}

	private void allowIn(HttpConfiguration configuration) {
		UriCompliance strict = configuration.getUriCompliance();
		configuration.setUriCompliance(strict.with("encoded", ENCODED.toArray(Violation[]::new)));
		configuration.addCustomizer(this);
	}

	/** Whether a request is one to the push API, as far as its path tells; not when the path leads up again. */
	static boolean isOfApi(Request request) {
		String path = String.valueOf(request.getHttpURI().getPath());
		return path.startsWith(API) && !UP.matcher(path).find();
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		HttpURI uri = request.getHttpURI();
		if (uri.hasViolations() && !String.valueOf(uri.getPath()).startsWith(prefix)) {
			throw new RefusedRequestException(HttpStatus.BAD_REQUEST_400, "bad-request",
					ProblemErrorHandler.BAD_REQUEST);
		}
		return request;
	}
}
