package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Chromium;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A program of {@code src/test/node/console}: an operator with the page in Chromium, driven by Playwright. */
final class ConsoleScript implements AutoCloseable {
	private static final Path FOLDER = Path.of("target", "console");

	private final Program program;

	private ConsoleScript(Program program) {
		this.program = program;
	}

	/** Installs what the programs need; without a browser, or npm, the test is not carried out. */
	static void prepare() throws IOException, InterruptedException {
		assumeTrue(Chromium.IS_INSTALLED, Chromium.MISSING + ": the console is not tried");
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "node and npm are not installed: the console is not tried");
		NodePackages.install(Path.of("src", "test", "node", "console"), FOLDER);
	}

	static ConsoleScript start(String name, String... arguments) throws IOException {
		return new ConsoleScript(Program.start(FOLDER, Map.of("CHROMIUM", Chromium.PATH),
				Stream.concat(Stream.of("node", name), Stream.of(arguments)).toArray(String[]::new)));
	}

	/** Waits until the program has written this. */
	void awaits(String line) throws InterruptedException {
		program.line(line);
	}

	/** Waits for the end of the program, and returns all that it has written. */
	String end() throws InterruptedException {
		assertThat(program.exitCode()).as(program.output()).isZero();
		return program.output();
	}

	@Override
	public void close() {
		program.close();
	}
}
