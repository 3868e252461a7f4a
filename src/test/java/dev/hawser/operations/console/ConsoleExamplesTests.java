package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Parrot;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code that the page shows, word for word, with and without the subprotocol: it prints what the server sends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleExamplesTests {
	private static final String KEY = "an-operators-key-of-32-bytes-or-more";

	private Path shown = Path.of("");
	private RunningHawser server;
	private String printed = "";

	@BeforeAll
	void write(@TempDir Path folder) throws Exception {
		ConsoleScript.prepare();
		shown = folder;
		server = RunningHawser.startSecure(Parrot.class, "hawser.operations.key=" + KEY);
		try (ConsoleScript script = ConsoleScript.start("examples.mjs", "http://localhost:" + server.operationsPort() + "/console/", KEY,
				shown.toString())) {
			printed = script.end();
		}
	}

	@AfterAll
	void stop() {
		if (server != null) {
			server.close();
		}
	}

	@Test
	void runsJavaScriptInTheBrowser() {
		assertThat(printed).contains("raw: hello | closed 1000 done").containsPattern("json: .*\"event\":\"connected\".* \\| closed 1000");
	}

	@Test
	void runsPhp() throws Exception {
		Optional<Path> php = Program.onPath("php");
		assumeTrue(php.isPresent(), "PHP is not installed: its code in the console is not run");
		answersTo("PHP", "try.php", php.orElseThrow());
	}

	@Test
	void runsPython() throws Exception {
		for (Path python : Stream.concat(Program.onPath("python3").stream(), Stream.of(Path.of("/usr/bin/python3")))
				.filter(Files::isExecutable).toList()) {
			try (Program library = Program.start(shown, Map.of(), python.toString(), "-c", "import websockets")) {
				if (library.exitCode() == 0) {
					answersTo("Python", "try.py", python);
					return;
				}
			}
		}
		abort("No Python has the library websockets (Debian: python3-websockets): its code in the console is not run");
	}

	@Test
	void runsJava() throws Exception {
		answersTo("Java", "Try.java", Path.of(System.getProperty("java.home"), "bin", "java"));
	}

	private void answersTo(String language, String name, Path interpreter) throws Exception {
		assertThat(answer("raw", language, name, interpreter)).isEqualTo("hello\n");
		assertThat(answer("json", language, name, interpreter)).contains("\"event\":\"connected\"").hasLineCount(1);
	}

	private String answer(String kind, String language, String name, Path interpreter) throws Exception {
		Path folder = Files.createDirectories(shown.resolve(kind));
		Files.copy(shown.resolve(kind + "." + language), folder.resolve(name));
		try (Program program = Program.start(folder, Map.of(), interpreter.toString(), name)) {
			assertThat(program.exitCode()).as(program.output()).isZero();
			return program.output();
		}
	}
}
