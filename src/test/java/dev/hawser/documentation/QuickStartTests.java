package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/quick-start.md tells its reader to write, run as it stands there but for the ports. */
class QuickStartTests {
	private static final Page PAGE = Page.read("docs/quick-start.md");

	@TempDir
	private Path folder;

	@Test
	void letsTwoClientsChatThroughABackend() throws Exception {
		assumeTrue(Program.onPath("node").isPresent(), "node is not installed: the quick start is not tried");
		FreePort port = FreePort.find();
		String origin = "http://127.0.0.1:" + port.number();
		Path configuration = Files.writeString(folder.resolve("application.yaml"),
				PAGE.block("# application.yaml").replace("8080", Integer.toString(port.number())));
		try (RunningHawser server = RunningHawser.startAsConfigured(NoCallbacks.class,
				"spring.config.additional-location=file:" + configuration)) {
			Files.writeString(folder.resolve("chat.mjs"), PAGE.block("// chat.mjs").replace("8080", Integer.toString(port.number()))
					.replace("9501", Integer.toString(server.port())));
			try (Program backend = Program.start(folder, Map.of(), "node", "chat.mjs")) {
				port.awaitListening(backend);
				chat(server, origin);
				try (RawClient browser = RawClient.connect(port.number())) {
					assertThat(browser.request("GET / HTTP/1.1", "Host: 127.0.0.1", "Connection: close").response().body())
							.contains("ws://127.0.0.1:" + server.port() + "/ws?name=");
				}
			}
		}
	}

	private static void chat(RunningHawser server, String origin) throws Exception {
		Awaitility.await().untilAsserted(() -> assertThat(askWithoutName(server, origin)).isEqualTo(401)); // 503 before the handler check
		try (RawClient ann = RawClient.connect(server.port()).upgrade("/ws?name=ann", "Origin: " + origin)) {
			assertThat(ann.message().text()).isEqualTo("ann is here");
			try (RawClient zoe = RawClient.connect(server.port()).upgrade("/ws?name=Zo%C3%AB", "Origin: " + origin)) {
				assertThat(ann.message().text()).isEqualTo("Zoë is here");
				assertThat(zoe.message().text()).isEqualTo("Zoë is here");
				zoe.send(RawFrame.text("Grüße"));
				assertThat(ann.message().text()).isEqualTo("Zoë: Grüße");
				assertThat(zoe.message().text()).isEqualTo("Zoë: Grüße");
			}
			assertThat(ann.message().text()).isEqualTo("Zoë has left");
		}
	}

	private static int askWithoutName(RunningHawser server, String origin) throws IOException {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake("/ws", "Origin: " + origin)).response().status();
		}
	}
}
