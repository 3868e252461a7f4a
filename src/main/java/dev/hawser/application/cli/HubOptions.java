package dev.hawser.application.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a client of the command line connects to. */
final class HubOptions {
	@Parameters(arity = "0..1", paramLabel = "URL",
			description = "The URL for clients, such as wss://example.com/ws; by default that of the"
					+ " server configured here.")
	private @Nullable String url;

	@Option(names = "--hub", paramLabel = "NAME", defaultValue = "default", description = "The hub; by default 'default'.")
	private String hub = "";

	String hub() {
		return hub;
	}

	String url(Invocation here) {
		return url == null ? new ServerAddress(here).hub(hub) : url;
	}

	/** The same as a URI. */
	static URI uri(String url) {
		try {
			return URI.create(url);
		}
		catch (IllegalArgumentException e) {
			throw CommandFailure.wrongUsage("This is no URL of a WebSocket, such as ws://localhost:9501/ws");
		}
	}
}
