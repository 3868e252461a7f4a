package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Chromium;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Path;
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
				"hawser.console.view-key=" + VIEW_KEY);
				Program browser = Program.start(folder, Map.of("CHROMIUM", Chromium.PATH), "node", "console.mjs",
						"http://localhost:" + server.operationsPort() + "/console/", KEY, VIEW_KEY, pictures.toString())) {
			assertThat(browser.exitCode()).as(browser.output()).isZero();
			assertThat(browser.output()).contains("fine");
		}
	}
}
