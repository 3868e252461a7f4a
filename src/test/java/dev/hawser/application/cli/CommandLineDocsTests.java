package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command in docs/command-line.md does what the page says, with the page's configuration. */
class CommandLineDocsTests {
	private static final Path PAGE = Path.of("docs/command-line.md");
	private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
	private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
	private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
	private static final String JAR = "java -jar hawser.jar ";
	private static final Map<String, String> VARIABLES = Map.of("TOKEN_SECRET", "t".repeat(40), "PUSH_KEY", "p".repeat(40),
			"OPERATIONS_KEY", "o".repeat(40));

	@TempDir
	private static Path folder;
	private static RunningHawser server;
	private static String configuration;

	@BeforeAll
	static void start() throws IOException {
		Matcher yaml = YAML.matcher(Files.readString(PAGE));
		assertThat(yaml.find()).isTrue();
		String text = yaml.group(1);
		for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
			text = text.replace("${" + variable.getKey() + '}', variable.getValue());
		}
		Path file = Files.writeString(folder.resolve("application.yaml"), text);
		server = RunningHawser.startAsConfigured(NoCallbacks.class, "spring.config.additional-location=file:" + file);
		configuration = "--spring.config.additional-location=file:" + file;
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static Stream<String> commands() throws IOException {
		return SHELL.matcher(Files.readString(PAGE)).results().flatMap(block -> block.group(1).lines());
	}

	@ParameterizedTest
	@MethodSource("commands")
	void isDone(String command) throws Exception {
		Called token = call("", "token", "--user", "ann", "--push-key", "--hawser.public-url=http://localhost");
		try (RawClient ann = RawClient.connect(server.port()).upgrade("/client/hubs/default",
				"Authorization: Bearer " + token.out().strip())) {
			Thread client = Thread.ofVirtual().start(() -> answerClose(ann));
			int pipe = command.indexOf(" | ");
			String verb = command.substring(pipe < 0 ? 0 : pipe + 3);
			assertThat(verb).startsWith(JAR);
			Called called = call(pipe < 0 ? "" : input(command.substring(0, pipe)), words(verb.substring(JAR.length())));
			assertThat(called.exitCode()).as(command + '\n' + called.out() + called.err()).isZero();
			assertThat(called.out()).isNotEqualTo(verb.contains("check-config") ? "?" : "");
			client.interrupt();
		}
		finally {
			call("", "drain", "--end");
		}
	}

	/** A client answers a close frame; what else comes is of no interest. */
	private static void answerClose(RawClient client) {
		try {
			for (var frame = client.frame(); !frame.isClose(); frame = client.frame()) {
				assertThat(frame.payload()).isNotNull();
			}
			client.send(RawFrame.close(1000, ""));
		}
		catch (IOException e) {
			// the test has ended
		}
	}

	private static String input(String command) {
		String[] words = words(command);
		return words[0].equals("echo") ? words[1] + '\n' : words[1].replace("\\n", "\n");
	}

	private static String[] words(String command) {
		List<String> words = new ArrayList<>();
		WORD.matcher(command.replaceFirst(" > .*", "")).results().forEach(
				word -> words.add(Stream.of(1, 2, 3).map(word::group).filter(group -> group != null).findFirst().orElseThrow()));
		return words.stream().map(word -> word.equals("application.yaml") ? folder.resolve(word).toString() : word).toArray(String[]::new);
	}

	private static Called call(String input, String... arguments) {
		return Called.with(Map.of("SERVER_PORT", Integer.toString(server.port()), "MANAGEMENT_SERVER_PORT",
				Integer.toString(server.operationsPort())), input, Called.more(arguments, configuration));
	}

	@Test
	void hasARowAndAnExampleForEachVerb() throws IOException {
		String page = Files.readString(PAGE);
		String help = Called.with("--help").out();
		List<String> verbs = help.substring(help.indexOf("Verbs:")).lines().skip(1).takeWhile(line -> !line.isBlank())
				.map(line -> line.strip().split(" ", -1)[0]).toList();
		assertThat(verbs).hasSize(12).allSatisfy(verb -> assertThat(page).contains("| [`" + verb + "`](#", JAR + verb));
	}
}
