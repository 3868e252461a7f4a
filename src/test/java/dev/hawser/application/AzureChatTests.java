package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.CuttingProxy;
import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The three unmodified packages of Azure Web PubSub for JavaScript together: the backend's middleware, the backend's SDK and the client. What
 * they do is in {@code src/test/node/azure/chat.mjs}.
 */
class AzureChatTests {
	private static final Path INSTALLED = Path.of("target/node-azure");
	private static final String KEY = "push-key-push-key-push-key-push-key-push-key-push-key-push-key-0123456789";

	@Test
	void chats() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "Node.js is not installed (programs node and npm): the packages of Azure are not tried");
		NodePackages.install(Path.of("src/test/node/azure"), INSTALLED);
		FreePort port = FreePort.find();
		FreePort backend = FreePort.find();
		try (CuttingProxy proxy = new CuttingProxy(port.number())) {
			String publicUrl = "http://127.0.0.1:" + proxy.port();
			try (Program chat = Program.start(INSTALLED, Map.of(), "node", "chat.mjs", Integer.toString(backend.number()),
					"Endpoint=" + publicUrl + ";AccessKey=" + KEY + ";Version=1.0;", "http://127.0.0.1:" + port.number())) {
				backend.awaitListening(chat);
				talk(chat, proxy, "server.port=" + port.number(), "hawser.public-url=" + publicUrl, "hawser.push.key=" + KEY,
						"hawser.push.on-client-port=true",
						"hawser.hubs.chat.webhooks[0].url=http://127.0.0.1:" + backend.number() + "/hawser/{event}",
						"hawser.hubs.chat.webhooks[0].retries=0", "hawser.hubs.chat.webhooks[0].events=*,gp.joined,gp.left");
			}
		}
	}

	private static void talk(Program chat, CuttingProxy proxy, String... settings) throws Exception {
		try (RunningHawser _ = RunningHawser.startAsConfigured(NoCallbacks.class, settings)) {
			for (int cuts = 1; cuts <= 2; cuts++) {
				chat.line("cut " + cuts);
				proxy.cut();
			}
			assertThat(chat.exitCode()).as(chat.output()).isZero();
			assertThat(chat.output()).endsWith("passed\n");
			assertThat(proxy.accepted()).as("three clients, each back after each cut").isGreaterThanOrEqualTo(9);
		}
	}
}
