package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.testing.FreePort;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The short programs and commands in the README, run as they stand there but for the ports. */
class ReadmeTests {
	private static final Page README = Page.read("README.md");

	@TempDir
	private Path folder;

	@ParameterizedTest
	@CsvSource({ "php,backend.php", "node,backend.mjs" })
	void callsTheBackend(String program, String file) throws Exception {
		assumeTrue(Program.onPath(program).isPresent(), program + " is not installed: its backend is not tried");
		FreePort port = FreePort.find();
		String number = Integer.toString(port.number());
		Files.writeString(folder.resolve(file), README.block("// " + file).replace("8080", number));
		String start = README.block(program + ("php".equals(program) ? " -S" : " backend")).replace("8080", number);
		String option = README.block("java -jar target/hawser.jar").strip().replaceAll("^.* '--|'$", "").replace("8080", number);
		try (Program backend = Program.start(folder, Map.of(), "sh", "-c", "exec " + start)) {
			port.awaitListening(backend);
			try (RunningHawser server = RunningHawser.start(NoCallbacks.class, option);
					RawClient client = RawClient.connect(server.port()).upgrade("/ws")) {
				assertThat(client.send(RawFrame.text("Grüße")).message().text()).isEqualTo("you said: Grüße");
			}
		}
	}

	@Test
	void pushesWithCurl() throws Exception {
		for (String program : new String[] { "curl", "openssl" }) {
			assumeTrue(Program.onPath(program).isPresent(), program + " is not installed: the push in the README is not tried");
		}
		String key = "a key of the push API, long enough";
		try (RunningHawser server = RunningHawser.start(NoCallbacks.class, "hawser.push.key=" + key, "hawser.push.on-client-port=true");
				RawClient client = server.connect();
				Program shell = Program.start(folder, Map.of("KEY", key), "sh", "-ec",
						README.block("openssl dgst").replace("9501", Integer.toString(server.port())))) {
			assertThat(client.message().text()).as(shell.output()).isEqualTo("Hello, everybody");
			assertThat(shell.exitCode()).isZero();
		}
	}
}
