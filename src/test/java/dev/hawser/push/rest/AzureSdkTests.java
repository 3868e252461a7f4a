package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Echo;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The unmodified SDKs of Azure Web PubSub, for a backend and for a client, with nothing but a connection string. What they do is in
 * {@code src/test/node/azure/sdk.mjs}.
 */
class AzureSdkTests {
	private static final Path INSTALLED = Path.of("target/node-azure");

	@BeforeEach
	void install() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "Node.js is not installed (programs node and npm): its SDKs are not tried");
		NodePackages.install(Path.of("src/test/node/azure"), INSTALLED);
	}

	private static void run(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("node", "sdk.mjs"));
		command.addAll(List.of(arguments));
		try (Program sdks = Program.start(INSTALLED, Map.of(), command.toArray(String[]::new))) {
			assertThat(sdks.exitCode()).as(sdks.output()).isZero();
		}
	}

	/** The string that the log of a development start shows. */
	@Test
	void needsOnlyTheConnectionString() throws Exception {
		try (RunningHawser server = RunningHawser.startAsConfigured(NoCallbacks.class, "hawser.hubs.chat.callbacks=none")) {
			run("Endpoint=http://127.0.0.1;Port=" + server.port() + ";AccessKey=" + server.bean(PushKeys.class).madeKey()
					+ ";Version=1.0;");
		}
	}

	/** Callers reach the operations' port at an address of their own; the connection string has the URL for clients. */
	@Test
	void goesThroughAReverseProxy() throws Exception {
		try (RunningHawser server = RunningHawser.startSecure(Echo.class, "hawser.push.key=" + PushTokens.KEY,
				"hawser.hubs.chat.callbacks=none",
				"hawser.public-url=http://chat.example.com")) {
			run("Endpoint=http://chat.example.com;AccessKey=" + PushTokens.KEY + ";Version=1.0;",
					"http://127.0.0.1:" + server.operationsPort());
		}
	}
}
