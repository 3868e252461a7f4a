package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Program;
import dev.hawser.testing.RunningHawser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
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

	/** The loader of the jar asks the libraries for a class in this order. */
	@Test
	void findsWhatAVerbNeedsAtTheBeginningOfTheJar() throws Exception {
		try (JarFile jar = new JarFile(HawserJar.JAR.toFile())) {
			List<String> names = jar.stream().map(ZipEntry::getName).toList();
			assertThat(names.subList(0, 2)).contains("META-INF/MANIFEST.MF");
			assertThat(names.subList(names.indexOf("BOOT-INF/classes/"), names.size()).stream().filter(name -> name.endsWith(".jar"))
					.limit(7).map(name -> name.replaceFirst(".*/(.*?)-[0-9].*", "$1"))).containsExactlyInAnyOrder("picocli",
							"nimbus-jose-jwt",
							"spring-boot", "spring-core", "commons-logging", "slf4j-api", "snakeyaml");
		}
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
			assertThat(run(jar, Map.of("MANAGEMENT_SERVER_PORT", Integer.toString(server.operationsPort())), "health", "--timeout",
					"60000")).isEqualTo("liveness: UP\n0");
		}
	}

	/** The function in docs/command-line.md, and the completion that belongs to it. */
	@Test
	void areACommandThatCompletes() throws Exception {
		assumeTrue(Program.onPath("bash").isPresent(), "bash is not installed: completion is not tried");
		String page = Files.readString(Path.of("docs/command-line.md"));
		String block = page.substring(page.indexOf("```bash\n") + 8, page.lastIndexOf("```")).replace("/opt/hawser/hawser.jar",
				HawserJar.JAR.toString());
		String all = JAVA + " -jar " + HawserJar.JAR + " completion bash > hawser-completion\n" + block.replace("{ java", "{ " + JAVA)
				+ "complete -p hawser\nhawser --version\n";
		try (Program bash = Program.start(folder, Map.of(), "bash", "-ec", all)) {
			assertThat(bash.exitCode()).as(bash.output()).isZero();
			assertThat(bash.output()).contains("complete ", "Hawser 0");
		}
	}

	private static int port(HawserJar server) throws InterruptedException {
		String line = server.program().line("WebSocket: ws://");
		return URI.create(line.substring(line.indexOf("ws://"), line.indexOf("?"))).getPort();
	}
}
