package dev.hawser.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens and cookies out of an access log of any format: the log gets requests and answers without them. No request waits until its
 * line has been written.
 */
final class SecretFreeRequestLog extends ContainerLifeCycle implements RequestLog {
	private static final String HIDDEN = "***";
	private static final Set<String> TOKENS = Set.of("access_token", "awps_reconnection_token");
	private static final Pattern TOKEN_WITHIN = Pattern.compile("(?i)((?:access|awps_reconnection)_token=)[^&\\s\"]*");
	private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie",
			"sec-websocket-protocol");

	private final RequestLog log;

	private SecretFreeRequestLog(RequestLog log) {
		this.log = log;
		addBean(log); // starts and stops with this one
	}

	/** Wraps the server's access log, so that it writes no secrets from now on. */
	static void protect(Server server) {
		RequestLog log = server.getRequestLog();
		if (log != null) {
			server.setRequestLog(new SecretFreeRequestLog(log instanceof CustomRequestLog custom ? queued(custom) : log));
		}
	}

	private static RequestLog queued(CustomRequestLog log) {
		CustomRequestLog queued = new CustomRequestLog(new QueuedLogWriter(log.getWriter()), log.getFormatString());
		String[] ignored = log.getIgnorePaths();
		if (ignored != null) {
			queued.setIgnorePaths(ignored);
		}
		return queued;
	}

	@Override
	public void log(Request request, Response response) {
		Request harmless = new HarmlessRequest(request);
		log.log(harmless, new HarmlessResponse(harmless, response));
	}

	private static final class HarmlessRequest extends Request.Wrapper {
		HarmlessRequest(Request request) {
			super(request);
		}

		@Override
		public HttpURI getHttpURI() {
			HttpURI uri = super.getHttpURI();
			return uri.getQuery() == null ? uri : HttpURI.build(uri).query(withoutToken(uri.getQuery())).asImmutable();
		}

		@Override
		public HttpFields getHeaders() {
			return withoutSecrets(super.getHeaders());
		}

		/** Hides an attribute: Jetty keeps the parsed cookies there. */
		@Override
		public @Nullable Object getAttribute(String name) {
			return name.startsWith("org.eclipse.jetty.") ? null : super.getAttribute(name);
		}

		@Override
		public @Nullable Object setAttribute(String name, Object value) {
			return null;
		}
	}

	private static final class HarmlessResponse extends Response.Wrapper {
		private final HttpFields.Mutable headers;

		HarmlessResponse(Request request, Response response) {
			super(request, response);
			this.headers = HttpFields.build(withoutSecrets(response.getHeaders()));
		}

		@Override
		public HttpFields.Mutable getHeaders() {
			return headers;
		}
	}

	private static HttpFields withoutSecrets(HttpFields headers) {
		HttpFields.Mutable harmless = HttpFields.build();
		for (HttpField field : headers) {
			String value = field.getValue();
			harmless.add(field.getName(), SECRET.contains(field.getLowerCaseName()) ? HIDDEN
					: value == null ? "" : TOKEN_WITHIN.matcher(value).replaceAll("$1" + HIDDEN));
		}
		return harmless.asImmutable();
	}

	/** The query without tokens. Names are compared decoded, as the handshake reads them. */
	private static String withoutToken(String query) {
		return Arrays.stream(query.split("&")).map(parameter -> {
			int equals = parameter.indexOf('=');
			return equals >= 0 && isToken(parameter.substring(0, equals)) ? parameter.substring(0, equals + 1) + HIDDEN : parameter;
		}).collect(Collectors.joining("&"));
	}

	private static boolean isToken(String name) {
		try {
			return TOKENS.contains(URLDecoder.decode(name, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
		}
		catch (IllegalArgumentException e) {
			return true; // cannot be decoded, so the rest is unknown
		}
	}
}
