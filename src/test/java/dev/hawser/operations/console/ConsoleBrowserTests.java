package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Chromium;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every function of the page in Chromium, driven by Playwright; axe looks for what shuts people out. */
class ConsoleBrowserTests {
	private static final String KEY = "an-operators-key-of-32-bytes-or-more";
	private static final String VIEW_KEY = "a-view-key-of-32-bytes-or-more--";

	@TempDir
	private Path pictures;

	@Test
	void doesWhatItShows() throws Exception {
		assumeTrue(Chromium.IS_INSTALLED, Chromium.MISSING + ": the console is not tried");
		assumeTrue(NodePackages.CAN_BE_INSTALLED, "node and npm are not installed: the console is not tried");
		Path folder = Path.of("target", "console");
		NodePackages.install(Path.of("src", "test", "node", "console"), folder);
		try (RunningHawser server = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY,
				"hawser.console.view-key=" + VIEW_KEY, "server.servlet.context-path=/app", "management.server.base-path=/ops");
				Program browser = Program.start(folder, Map.of("CHROMIUM", Chromium.PATH), "node", "console.mjs",
						"http://localhost:" + server.operationsPort() + "/ops/console/", "ws://localhost:" + server.port() + "/app/ws", KEY,
						VIEW_KEY, RunningHawser.SECRET, pictures.toString())) {
			for (String part : List.of("tried", "watched", "strangers come", "phone")) {
				browser.line(part); // a slow machine has time for each
			}
			assertThat(browser.exitCode()).as(browser.output()).isZero();
			assertThat(browser.output()).contains("fine");
			assertThat(answerOf("raw", "Java")).contains("hello");
			assertThat(answerOf("json", "Java")).contains("\"event\":\"connected\"");
		}
	}

	/** What the code prints that the page shows. */
	private String answerOf(String kind, String language) throws Exception {
		Path program = Files.copy(pictures.resolve(kind + "." + language), pictures.resolve("Try.java"),
				StandardCopyOption.REPLACE_EXISTING);
		try (Program java = Program.start(pictures, Map.of(), Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				program.toString())) {
			assertThat(java.exitCode()).as(java.output()).isZero();
			return java.output();
		}
	}
}
