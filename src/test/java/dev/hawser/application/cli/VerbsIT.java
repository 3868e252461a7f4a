package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs in the packaged jar, and in the layout that a container image has: the jar extracted, its libraries beside it. */
class VerbsIT {
	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
	private static final Map<String, String> SECRET = Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET);

	@TempDir
	private Path folder;

	/** What the verb prints, and its exit code. */
	private String run(Path jar, Map<String, String> environment, String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of(JAVA, "-jar", jar.toString()));
		command.addAll(List.of(arguments));
		try (Program verb = Program.start(folder, environment, command.toArray(String[]::new))) {
			int code = verb.exitCode();
			return verb.output() + code;
		}
	}

	@Test
	void runsWithoutStartingAServer() throws Exception {
		assertThat(run(HawserJar.JAR, SECRET, "token", "--user", "ann")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n0");
		assertThat(run(HawserJar.JAR, Map.of(), "tokne")).contains("the nearest is 'token'").endsWith("\n2");
		Files.writeString(folder.resolve("application.yaml"), "hawser.nonsense: 1\n");
		assertThat(run(HawserJar.JAR, Map.of(), "check-config")).startsWith("hawser.nonsense is no property of Hawser")
				.doesNotContain("SLF4J").endsWith("\n1");
	}

	@Test
	void looksAfterAServerFromTheExtractedJar() throws Exception {
		Path app = folder.resolve("app");
		try (Program extract = Program.start(folder, Map.of(), JAVA, "-Djarmode=tools", "-jar", HawserJar.JAR.toString(), "extract",
				"--destination", app.toString())) {
			assertThat(extract.exitCode()).as(extract.output()).isZero();
		}
		Path jar = app.resolve("hawser.jar");
		try (HawserJar server = HawserJar.start("hawser.handshake.token.secret=" + RunningHawser.SECRET, "hawser.callbacks.echo=true")) {
			URI url = URI.create("ws://localhost:" + port(server) + "/ws");
			assertThat(run(jar, SECRET, "check", url.toString())).contains("result: fine").endsWith("\n0");
			assertThat(run(jar, Map.of(), "check", url.toString())).contains("refused with 401").endsWith("\n1");
			assertThat(run(jar, Map.of("MANAGEMENT_SERVER_PORT", Integer.toString(server.operationsPort())), "health"))
					.isEqualTo("liveness: UP\n0");
		}
	}

	private static int port(HawserJar server) throws InterruptedException {
		String line = server.program().line("WebSocket: ws://");
		return URI.create(line.substring(line.indexOf("ws://"), line.indexOf("?"))).getPort();
	}
}
