package dev.hawser.application.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server's operations are meant, and with which key. */
final class OperationsOptions {
	@Option(names = "--url", paramLabel = "URL",
			description = "The operations of another server, such as http://node-2:9502; by default those"
					+ " of the server configured here.")
	private @Nullable String url;

	@Option(names = "--key-file", paramLabel = "FILE",
			description = "A file with the operators' key; by default hawser.operations.key of the"
					+ " configuration, or the variable HAWSER_OPERATIONS_KEY.")
	private @Nullable String keyFile;

	/** A call of an endpoint, such as {@code /drain}. */
	HttpCalls.Answer send(Invocation here, String method, String endpoint, @Nullable Object body) throws InterruptedException {
		ServerAddress address = new ServerAddress(here);
		String key = keyFile != null ? Invocation.secretIn(keyFile) : here.setting("hawser.operations.key");
		String target = address.actuator() + endpoint;
		try (HttpCalls calls = new HttpCalls(url == null ? address.operations() : withoutSlash(url))) {
			return calls.send(body == null ? HttpCalls.Call.of(method, target, key) : HttpCalls.Call.json(method, target, key, body));
		}
	}

	static String withoutSlash(String url) {
		return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
	}
}
