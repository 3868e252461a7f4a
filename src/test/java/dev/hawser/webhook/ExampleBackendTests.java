package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backends in {@code examples}, started by the commands in their READMEs, against a server that is started as they say too. */
class ExampleBackendTests {
	private static final Path SOURCE = Path.of("examples");
	/** The examples run here, where they may write. */
	private static final Path COPY = Path.of("target/examples");
	private static final List<String> FOLDERS = List.of("express", "chat-node", "chat-python", "chat-php", "chat-go", "spring");
	private static final String PORT = "8080";
	private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
	private static final Pattern OPTION = Pattern.compile("--(hawser[^\\s']+)");

	@BeforeAll
	static void copy() throws IOException {
		for (String folder : FOLDERS) {
			copyFiles(folder);
		}
		copyFiles("");
	}

	private static void copyFiles(String folder) throws IOException {
		Files.createDirectories(COPY.resolve(folder));
		try (Stream<Path> files = Files.list(SOURCE.resolve(folder))) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Files.copy(file, COPY.resolve(folder).resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
			}
		}
	}

	/** The first block of a README starts the backend, the second one Hawser. */
	private static List<String> commands(String folder, FreePort port) throws IOException {
		return COMMANDS.matcher(Files.readString(SOURCE.resolve(folder, "README.md"))).results().map(block -> block.group(1))
				.map(block -> block.replace(PORT, Integer.toString(port.number()))).toList();
	}

	@ParameterizedTest
	@CsvSource({ "express,npm", "chat-node,node", "chat-python,python3", "chat-php,php", "chat-go,go" })
	void chats(String folder, String program) throws Exception {
		assumeTrue(Program.onPath(program).isPresent(), program + " is not installed: examples/" + folder + " is not tried");
		FreePort port = FreePort.find();
		FreePort operations = FreePort.find();
		String start = "set -e\n" + commands(folder, port).getFirst();
		try (Program backend = Program.start(COPY.resolve(folder), Map.of("PUSH_URL", "http://127.0.0.1:" + operations.number()), "sh",
				"-c",
				start)) {
			port.awaitListening(backend);
			chat(folder, backend, port, "management.server.port=" + operations.number(), "management.server.address=127.0.0.1");
		}
	}

	/** Compiled here with the Spring of this build, since a second Maven would take long; the settings of Hawser stay outside. */
	@Test
	void chatsWithSpring() throws Exception {
		Path classes = COPY.resolve("spring/classes");
		Files.createDirectories(classes);
		String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.filter(entry -> entry.endsWith(".jar"))
				.collect(Collectors.joining(File.pathSeparator));
		int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-parameters", "-proc:none", "-classpath", libraries, "-d",
				classes.toString(), SOURCE.resolve("spring/src/main/java/com/example/Backend.java").toString());
		assertThat(failed).isZero();
		FreePort port = FreePort.find();
		try (Program backend = Program.start(COPY.resolve("spring"), Map.of(),
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-classpath",
				"classes" + File.pathSeparator + libraries, "com.example.Backend", "--server.address=127.0.0.1",
				"--server.port=" + port.number())) {
			port.awaitListening(backend);
			chat("spring", backend, port);
		}
	}

	private static void chat(String folder, Program backend, FreePort port, String... more) throws Exception {
		String[] options = OPTION.matcher(commands(folder, port).get(1)).results().map(MatchResult::group)
				.map(option -> option.substring(2)).toArray(String[]::new);
		boolean toAll = folder.startsWith("chat-");
		assertThat(options).hasSize(toAll ? 4 : 2);
		try (RunningHawser server = RunningHawser.startAsConfigured(NoCallbacks.class,
				Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new))) {
			try (RawClient client = RawClient.connect(server.port())) {
				RawClient.Response refusal = client.request(RawClient.handshake("/ws")).response();
				assertThat(refusal.status()).as(refusal + "\n" + backend.output()).isEqualTo(401);
				assertThat(refusal.body().strip()).isEqualTo("Say your name: ?name=ann");
			}
			String page = "http://127.0.0.1:" + port.number();
			try (RawClient client = RawClient.connect(server.port()).upgrade("/ws?name=Zo%C3%AB%20B.", "Origin: " + page)) {
				assertThat(client.send(RawFrame.text("Grüße")).message().text()).isEqualTo("Zoë B.: Grüße");
				assertThat(client.send(RawFrame.text("again")).message().text()).isEqualTo("Zoë B.: again");
				backend.line("is here");
				if (toAll) {
					try (RawClient other = RawClient.connect(server.port()).upgrade("/ws?name=bob", "Origin: " + page).awaitOpen()) {
						client.send(RawFrame.text("to all"));
						String heard = other.message().text();
						while ("Zoë B.: again".equals(heard)) { // it was still on its way to everyone when this client came
							heard = other.message().text();
						}
						assertThat(heard).isEqualTo("Zoë B.: to all");
						assertThat(client.message().text()).isEqualTo("Zoë B.: to all");
					}
				}
				client.send(RawFrame.close(1000, ""));
				backend.line("Zoë B. has left");
			}
		}
		try (RawClient browser = RawClient.connect(port.number())) {
			RawClient.Response page = browser.request("GET / HTTP/1.1", "Host: 127.0.0.1", "Connection: close")
					.response();
			assertThat(page.status()).isEqualTo(200);
			assertThat(page.header("Content-Type")).startsWith("text/html");
		}
	}

	/** The index is as right as the README of each folder. */
	@ParameterizedTest
	@ValueSource(strings = { "express", "chat-node", "chat-python", "chat-php", "chat-go", "spring" })
	void isInTheIndex(String folder) throws Exception {
		String index = Files.readString(SOURCE.resolve("README.md"));
		List<String> own = COMMANDS.matcher(Files.readString(SOURCE.resolve(folder, "README.md"))).results()
				.map(block -> block.group(1)).toList();
		assertThat(index).contains("[" + folder + "](" + folder + ")", own.get(1));
		String lastOfTheStart = own.getFirst().strip().lines().toList().getLast();
		assertThat(index).contains(lastOfTheStart.replaceFirst(" (8080|-Dspring.*)$", "") + "`");
	}
}
