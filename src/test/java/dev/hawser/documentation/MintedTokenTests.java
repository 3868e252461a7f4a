package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.Parrot;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs in docs/tokens.md that make tokens, run as they stand there. */
class MintedTokenTests {
	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	@TempDir
	private Path folder;

	@ParameterizedTest
	@CsvSource({ "node,mint.mjs", "python3,mint.py", "php,mint.php", "go,mint.go", "java,Mint.java" })
	void letAClientIn(String program, String file) throws Exception {
		assumeTrue("java".equals(program) || Program.onPath(program).isPresent(), program + " is not installed: " + file + " is not tried");
		Files.writeString(folder.resolve(file), Page.read("docs/tokens.md").block(file));
		List<String> command = "java".equals(program) ? List.of(JAVA, "-XX:TieredStopAtLevel=1", file)
				: Stream.of(program, "go".equals(program) ? "run" : "", file).filter(part -> !part.isEmpty()).toList();
		try (RunningHawser server = RunningHawser.startSecure(Parrot.class);
				Program mint = Program.start(folder, Map.of("SECRET", RunningHawser.SECRET), command.toArray(String[]::new))) {
			String token = mint.line(".");
			assertThat(mint.exitCode()).as(mint.output()).isZero();
			try (RawClient client = RawClient.connect(server.port()).upgrade("/ws?access_token=" + token)) {
				assertThat(client.send(RawFrame.text("who am I")).message().text()).isEqualTo("alice");
			}
		}
	}
}
