package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each command that starts the packaged server, on whatever page (README.md, callbacks.md, operations.md, push.md, quick-start.md,
 * webhooks.md, the READMEs of the examples), starts one, on free ports.
 */
class DocumentedStartIT {
	/** Neither a verb, nor one of several commands of a block that has a test of its own. */
	private static final Pattern START = Pattern.compile("^(LOADER_PATH=\\S+ )?java -jar (target/)?hawser\\.jar( *$| .*--[a-z]+[.a-z]+=)");

	@TempDir
	private static Path folder;

	static Stream<String> starts() {
		return Page.all().flatMap(page -> page.blocks().stream()).filter(block -> block.language().equals("sh")).map(Page.Block::code)
				.map(code -> code.replaceFirst("(?s)\nnpm .*", "\n").strip()).filter(code -> START.matcher(code).lookingAt()).distinct();
	}

	private static Program start(String command) throws Exception {
		Files.createDirectories(folder.resolve("target"));
		for (String place : List.of("target/hawser.jar", "hawser.jar")) {
			if (!Files.exists(folder.resolve(place))) {
				Files.createSymbolicLink(folder.resolve(place), HawserJar.JAR);
			}
		}
		return Shell.start(folder, Map.of("SERVER_PORT", "0", "SERVER_ADDRESS", "127.0.0.1", "MANAGEMENT_SERVER_PORT", "0",
				"MANAGEMENT_SERVER_ADDRESS", "127.0.0.1", "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"), command);
	}

	@ParameterizedTest
	@MethodSource("starts")
	void startsAServer(String command) throws Exception {
		if (command.startsWith("LOADER_PATH=examples/chat-java/target/chat.jar")) {
			buildChat();
		}
		try (Program server = start(command)) {
			int operations = Integer.parseInt(server.line("Operations: port ").replaceAll("(?s).*Operations: port (\\d+).*", "$1"));
			try (RawClient client = RawClient.connect(operations)) {
				assertThat(client.request("GET /actuator/health/readiness HTTP/1.1", "Host: localhost", "Connection: close").response()
						.status()).isEqualTo(200);
			}
			if (command.contains("structured")) {
				assertThat(server.line("Operations: port ")).startsWith("{");
			}
			if (command.startsWith("LOADER_PATH")) {
				chat(server);
			}
		}
	}

	@Test
	void areFound() {
		assertThat(starts()).hasSizeGreaterThan(7);
	}

	private static void buildChat() throws Exception {
		Path jar = folder.resolve("examples/chat-java/target/chat.jar");
		Files.createDirectories(jar.getParent());
		Path classes = folder.resolve("classes");
		new CallbackJarBuilder(classes).compile(Map.of("com/example/chat/Chat",
				Files.readString(Path.of("examples/chat-java/src/main/java/com/example/chat/Chat.java")))).jar(jar, "com");
	}

	/** The command for a client in examples/chat-java/README.md. */
	private static void chat(Program server) throws Exception {
		int port = Integer.parseInt(server.line("WebSocket: ws://").replaceAll(".*ws://localhost:(\\d+)/.*", "$1"));
		String command = Page.read("examples/chat-java/README.md").block(" connect ").replace("9501", Integer.toString(port));
		try (Program ann = Shell.start(folder, Map.of(), "echo Hello | " + command.strip())) {
			ann.line("ann: Hello");
		}
	}

	/** What the README, quick-start.md and push.md show of the log: each line, with something in place of each ellipsis. */
	@Test
	void printsWhatTheDocumentationShows() throws Exception {
		try (Program server = start("java -jar hawser.jar")) {
			server.line("Try it: ");
			for (String page : List.of("README.md", "docs/push.md", "docs/console.md")) {
				for (String line : Page.read(page).blocks().stream().filter(block -> block.language().isEmpty())
						.flatMap(block -> block.code().lines()).toList()) {
					String wanted = Stream.of(line.split("…", -1)).map(Pattern::quote)
							.reduce((one, other) -> one + "[^ ]+" + other).orElseThrow().replace("9501", "\\E\\d+\\Q")
							.replace("9502", "\\E\\d+\\Q");
					assertThat(server.output()).containsPattern(wanted.replace("eyJhbGciOiJIUzI1NiJ9", "eyJ"));
				}
			}
		}
	}
}
