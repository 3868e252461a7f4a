package dev.hawser.application.cli;

import dev.hawser.token.SharedKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server's push API is meant, and with which key. */
final class PushOptions {
	private static final Duration LIFETIME = Duration.ofMinutes(5);
	private static final String VARIABLE = "PUSH_CONNECTION_STRING";

	@Option(names = "--url", paramLabel = "URL",
			description = "The push API of another server, such as http://node-2:9502; by default that of"
					+ " the server configured here.")
	private @Nullable String url;

	@Option(names = "--connection-string", paramLabel = "TEXT",
			description = "URL and key as SDKs take them; other users of this machine can"
					+ " read arguments, so prefer the variable " + VARIABLE + " or --connection-string-file.")
	private @Nullable String connectionString;

	@Option(names = "--connection-string-file", paramLabel = "FILE", description = "A file with the connection string.")
	private @Nullable String connectionStringFile;

	@Option(names = "--hub", paramLabel = "NAME", defaultValue = "default", description = "The hub; by default 'default'.")
	private String hub = "";

	/** The push API at its URL, with its key. */
	record Api(String url, String key) {
	}

	/**
	 * Calls an operation of the hub.
	 *
	 * @param path  below the hub, encoded, without a slash before it
	 * @param query encoded; empty for none
	 */
	HttpCalls.Answer send(Invocation here, String method, String path, String query, @Nullable Message message)
			throws InterruptedException {
		Api api = api(here);
		String target = "/api/hubs/" + encoded(hub) + '/' + path;
		String token = signed(api.key(), Map.of("aud", api.url() + target), LIFETIME);
		String whole = target + (query.isEmpty() ? "" : "?" + query);
		try (HttpCalls calls = new HttpCalls(api.url())) {
			return calls.send(message == null ? HttpCalls.Call.of(method, whole, token)
					: new HttpCalls.Call(method, whole, token, message.type(), message.body()));
		}
	}

	/** The body of a push. */
	record Message(String type, byte[] body) {
	}

	static String signed(String key, Map<String, ?> claims, Duration lifetime) {
		try {
			return SharedKey.of(key, Duration.ZERO).sign(claims, lifetime);
		}
		catch (IllegalArgumentException e) {
			throw CommandFailure.wrongUsage("The key has fewer than " + SharedKey.SHORTEST + " bytes.");
		}
	}

	private Api api(Invocation here) {
		String given = connectionStringFile != null ? Invocation.secretIn(connectionStringFile)
				: connectionString != null ? connectionString : here.variable(VARIABLE);
		if (given != null) {
			Api api = parsed(given);
			return url == null ? api : new Api(OperationsOptions.withoutSlash(url), api.key());
		}
		ServerAddress address = new ServerAddress(here);
		return new Api((url == null ? address.operations() : OperationsOptions.withoutSlash(url)) + address.apiPath(), key(here));
	}

	/** The first key of the configuration. */
	static String key(Invocation here) {
		String key = here.setting("hawser.push.key");
		String first = key != null ? key : here.setting("hawser.push.keys[0].secret");
		if (first == null) {
			throw CommandFailure
					.wrongUsage("No key of the push API is configured here: set hawser.push.key as the server has it, or the variable "
							+ VARIABLE + ".");
		}
		return Invocation.withoutLineBreak(first);
	}

	/** {@code Endpoint=http://localhost;Port=9502;AccessKey=...;Version=1.0;}, in any order. */
	static Api parsed(String connectionString) {
		Map<String, String> parts = new HashMap<>();
		for (String part : connectionString.strip().split(";", -1)) {
			int equals = part.indexOf('=');
			if (equals > 0) {
				parts.put(part.substring(0, equals).strip().toLowerCase(Locale.ROOT), part.substring(equals + 1).strip());
			}
		}
		String endpoint = parts.get("endpoint");
		String key = parts.get("accesskey");
		if (endpoint == null || key == null) {
			throw CommandFailure.wrongUsage(
					"The connection string is not of the form Endpoint=http://host;Port=9502;AccessKey=...;Version=1.0;");
		}
		String port = parts.get("port");
		return new Api(OperationsOptions.withoutSlash(endpoint) + (port == null ? "" : ':' + port), key);
	}

	static String encoded(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/** A query of those parameters that have a value. */
	static String query(List<Map.Entry<String, String>> parameters) {
		return String.join("&", parameters.stream().filter(one -> !one.getValue().isEmpty())
				.map(one -> one.getKey() + '=' + encoded(one.getValue())).toList());
	}
}
