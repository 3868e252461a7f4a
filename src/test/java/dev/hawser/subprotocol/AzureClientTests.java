package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/**
 * Unmodified clients of Azure Web PubSub, with the unmodified Express middleware of Azure as the backend. What they do is in {@code
 * src/test/node/azure/clients.mjs}.
 */
class AzureClientTests {
	private static final Path INSTALLED = Path.of("target/node-azure");

	@Test
	void chat() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "Node.js is not installed (programs node and npm): the clients of Azure are not tried");
		NodePackages.install(Path.of("src/test/node/azure"), INSTALLED);
		FreePort port = FreePort.find();
		try (Program backend = Program.start(INSTALLED, Map.of(), "node", "clients-backend.mjs", Integer.toString(port.number()))) {
			port.awaitListening(backend);
			try (RunningHawser server = RunningHawser.startSecure(NoCallbacks.class,
					"hawser.hubs.default.webhooks[0].url=http://127.0.0.1:" + port.number() + "/hawser/{event}",
					"hawser.hubs.default.webhooks[0].retries=0", "hawser.hubs.default.webhooks[0].events=*,gp.joined,gp.left");
					Program chat = Program.start(INSTALLED, Map.of(), "node", "clients.mjs",
							"ws://127.0.0.1:" + server.port() + "/client/hubs/default?access_token=" + RunningHawser.token())) {
				Clients clients = server.bean(Clients.class);
				chat.line("ready for a broadcast");
				clients.send(Target.hub("default"), Frame.json("{\"news\":1}"));
				chat.line("ready for the end of carl");
				clients.close(Target.user("default", "carl"), new CloseStatus(1000, "enough"));
				assertThat(chat.exitCode()).as(chat.output()).isZero();
				assertThat(chat.output()).contains("passed");
				assertThat(backend.line("\"left\",\"group\":\"room-1\",\"userId\":\"ann\"")).as("by the end of the connection").isNotNull();
				assertThat(backend.output()).contains("\"joined\",\"group\":\"room-1\",\"userId\":\"bob\"")
						.contains("\"left\",\"group\":\"room-1\",\"userId\":\"bob\"");
			}
		}
	}
}
