package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The programs in docs/subprotocols.md, and the messages that it shows. */
class DocumentedSubprotocolTests {
	private static final Page PAGE = Page.read("docs/subprotocols.md");
	private static final Path SDKS = Path.of("target/node-azure");
	private static final String KEY = "push-key-push-key-push-key-push-key-push-key-0123456789";

	@TempDir
	private Path folder;

	@Test
	void sendsToAGroupWithTheSdk() throws Exception {
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "npm is not installed: the client in docs/subprotocols.md is not tried");
		NodePackages.install(Path.of("src/test/node/azure"), SDKS);
		String commands = PAGE.block("npm install");
		for (String name : List.of("@azure/web-pubsub", "@azure/web-pubsub-client")) {
			String version = JsonMapper.shared().readTree(Files.readString(SDKS.resolve("package.json"))).path("dependencies").path(name)
					.asString();
			assertThat(commands).contains(name + "@" + version);
		}
		Path program = Files.writeString(SDKS.resolve("documented-chat.mjs"), PAGE.block("sendToGroup(\"room-1\""));
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.push.key=" + KEY, "hawser.push.on-client-port=true",
				Shell.properties(commands).getFirst());
				Program client = Program.start(SDKS, Map.of(), "node", String.valueOf(program.getFileName()),
						"Endpoint=http://127.0.0.1;Port=" + server.port() + ";AccessKey=" + KEY + ";Version=1.0;")) {
			client.line("ann { hello: 'world' }");
		}
	}

	@Test
	void answersEvents() throws Exception {
		String source = """
				package documented;
				import dev.hawser.api.*;
				import org.springframework.context.annotation.Bean;
				public class Events {
					%s
					private static String sum(String text) { return text; }
				}
				""".formatted(PAGE.block("OnMessage onMessage()"));
		new CallbackJarBuilder(folder).compile(Map.of("documented/Events", source));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, getClass().getClassLoader());
				RunningHawser server = RunningHawser.start(loader.loadClass("documented.Events"));
				RawClient client = RawClient.connect(server.port()).upgrade("/client/hubs/default",
						"Sec-WebSocket-Protocol: json.webpubsub.azure.v1")) {
			assertThat(client.message().text()).contains("\"event\":\"connected\"");
			client.send(RawFrame.text("{\"type\":\"event\",\"event\":\"add\",\"dataType\":\"json\",\"data\":5,\"ackId\":1}"));
			assertThat(client.message().text()).contains("\"from\":\"server\"", "\"data\":5");
			assertThat(client.message().text()).isEqualTo("{\"type\":\"ack\",\"ackId\":1,\"success\":true}");
			client.send(RawFrame.text("{\"type\":\"event\",\"event\":\"other\",\"dataType\":\"text\",\"data\":\"\",\"ackId\":2}"));
			assertThat(client.message().text()).contains("\"ackId\":2,\"success\":false", "InternalServerError");
		}
	}

	/** Each is JSON, and of a type that the page explains; roles are of one of four forms. */
	@Test
	void showsMessagesAndRoles() {
		List<String> lines = PAGE.blocks().stream().filter(block -> block.language().isEmpty()).flatMap(block -> block.code().lines())
				.map(line -> line.replaceFirst("^(server|client): ", "")).toList();
		assertThat(lines).hasSizeGreaterThan(12);
		for (String line : lines) {
			if (line.startsWith("{")) {
				String json = line.replaceFirst("} {2,}.*$", "}");
				assertThat(JsonMapper.shared().readTree(json).path("type").asString()).as(line).isIn("system", "message", "ack",
						"invokeResponse", "pong", "sequenceAck");
			}
			else {
				assertThat(line.split(" +", -1))
						.allMatch(role -> role.matches("webpubsub\\.(sendToGroup|joinLeaveGroup)s?(\\.[\\w.*-]+)?"));
			}
		}
	}
}
