package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs commands of the documentation as a reader types them into bash, with the Java of this test. */
final class Shell {
	private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
	/** curl without its progress, which a terminal would not keep; a refused request fails. */
	private static final String CURL = "curl() { command curl -sS --fail-with-body --max-time 100 \"$@\"; }\n";
	private static final Pattern OPTION = Pattern.compile("'--([^']+)'|--(\\S+=\\S*)");

	private Shell() {
	}

	/** Skips the test, and says why, where one of these programs is missing. */
	static void needs(String... programs) {
		for (String program : programs) {
			assumeTrue(Program.onPath(program).isPresent(), program + " is not installed: these commands are not tried");
		}
	}

	/** What the commands print, standard error included, when each of them has succeeded. */
	static String run(Path folder, Map<String, String> variables, String commands) throws IOException, InterruptedException {
		try (Program program = start(folder, variables, CURL + commands)) {
			int code = program.exitCode();
			assertThat(code).as(commands + '\n' + program.output()).isZero();
			return program.output().strip();
		}
	}

	/** Commands that the test ends. */
	static Program start(Path folder, Map<String, String> variables, String commands) throws IOException {
		Map<String, String> all = new HashMap<>(variables);
		all.put("PATH", JAVA + ":" + all.getOrDefault("PATH", System.getenv("PATH")));
		return Program.start(folder, all, "bash", "-ec", commands);
	}

	/** The lines of a block that begin so. */
	static String lines(String block, String... begins) {
		return String.join("\n", block.lines().filter(line -> Stream.of(begins).anyMatch(line::startsWith)).toList());
	}

	/** The properties of the server in the command that starts it, for a server in this JVM. */
	static List<String> properties(String command) {
		return OPTION.matcher(command.substring(command.indexOf(".jar "))).results().map(Shell::property).toList();
	}

	private static String property(MatchResult option) {
		return option.group(1) != null ? option.group(1) : option.group(2);
	}
}
