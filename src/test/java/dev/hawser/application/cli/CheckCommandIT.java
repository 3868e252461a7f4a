package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of `helm test`, in the layout that a container image has: the jar extracted, its libraries beside it. */
class CheckCommandIT {
	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	@TempDir
	private Path folder;

	@Test
	void runsFromTheExtractedJar() throws Exception {
		Path app = folder.resolve("app");
		try (Program extract = Program.start(folder, Map.of(), JAVA, "-Djarmode=tools", "-jar", HawserJar.JAR.toString(), "extract",
				"--destination", app.toString())) {
			assertThat(extract.exitCode()).as(extract.output()).isZero();
		}
		try (HawserJar server = HawserJar.start("hawser.handshake.token.secret=" + RunningHawser.SECRET, "hawser.callbacks.echo=true")) {
			URI url = URI.create("ws://localhost:" + port(server) + "/ws");
			assertThat(check(app, url, Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET)))
					.isEqualTo(url + ": " + CheckCommand.GOOD + "\n0");
			assertThat(check(app, url, Map.of())).startsWith(url + ": refused with 401").endsWith("\n1");
		}
	}

	private static int port(HawserJar server) throws InterruptedException {
		String line = server.program().line("WebSocket: ws://");
		return URI.create(line.substring(line.indexOf("ws://"), line.indexOf("?"))).getPort();
	}

	/** What the command prints, and its exit code. */
	private static String check(Path app, URI url, Map<String, String> environment) throws Exception {
		try (Program check = Program.start(app, environment, JAVA, "-cp", app + "/*", "dev.hawser.application.cli.CheckCommand",
				url.toString())) {
			int code = check.exitCode();
			return check.output() + code;
		}
	}
}
