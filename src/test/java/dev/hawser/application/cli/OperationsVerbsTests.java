package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** drain, reload and dead-letters: the verbs that need the operators' key. */
class OperationsVerbsTests {
	private static final String KEY = "operations-key-operations-key-operations-key";

	@TempDir
	private Path folder;
	private Path configuration;
	private RunningHawser server;

	@BeforeEach
	void start() throws Exception {
		configuration = Files.writeString(folder.resolve("hawser.yaml"), "hawser.drain.timeout: 5s\n");
		server = RunningHawser.start(NoCallbacks.class, "hawser.operations.key=" + KEY,
				"spring.config.additional-location=file:" + configuration);
	}

	@AfterEach
	void stop() {
		server.close();
	}

	private Called call(String... arguments) {
		return call(Map.of("HAWSER_OPERATIONS_KEY", KEY), arguments);
	}

	private Called call(Map<String, String> variables, String... arguments) {
		Called called = Called.with(variables, "", Called.more(arguments, "--url", "http://localhost:" + server.operationsPort() + "/"));
		assertThat(called.out() + called.err()).doesNotContain(KEY);
		return called;
	}

	@Test
	void drainsWaitsAndTakesTheServerBack() throws Exception {
		try (RawClient client = server.connect()) {
			assertThat(call("drain", "--status").out()).isEqualTo("SERVING, 1 connections open\n");
			Thread leaving = Thread.ofVirtual().start(() -> {
				try {
					client.send(RawFrame.close(client.frame().closeCode(), ""));
				}
				catch (IOException e) {
					throw new AssertionError(e);
				}
			});
			Called drained = call("drain", "--wait");
			assertThat(drained).returns(0, Called::exitCode).extracting(Called::out).asString().contains(", 0 connections open");
			leaving.join();
		}
		assertThat(call("drain", "--end", "--json").json().path("state").asString()).isEqualTo("SERVING");
		server.connect().close();
	}

	@Test
	void reloadsAndSaysWhatIsWrong() throws Exception {
		Files.writeString(configuration, "hawser.drain.timeout: 6s\n");
		assertThat(call("reload")).returns(0, Called::exitCode).extracting(Called::out).asString().contains("is in force",
				"need a restart: hawser.drain");
		Files.writeString(configuration, "hawser.drain.timeout: soon\n");
		assertThat(call("reload")).returns(1, Called::exitCode).extracting(Called::err).asString()
				.startsWith("Refused with 422: hawser.drain.timeout has a value that is no Duration");
	}

	@ParameterizedTest
	@CsvSource({ "list,0,ID", "resend --all,0,To be sent again: 0", "discard --hub default,0,Discarded: 0", "resend 17,1,''",
			"discard 17,1,''", "list --limit 0,1,''" })
	void looksAfterDeadLetters(String arguments, int exitCode, String out) {
		Called called = call(Called.more(new String[] { "dead-letters" }, arguments.split(" ", -1)));
		assertThat(called.exitCode()).as(called.toString()).isEqualTo(exitCode);
		assertThat(called.out()).startsWith(out);
		if (exitCode != 0) {
			assertThat(called.err()).startsWith("Refused with 4");
		}
	}

	@Test
	void readsTheKeyFromAFile() throws Exception {
		Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
		assertThat(call(Map.of(), "drain", "--status", "--key-file", file.toString()).exitCode()).isZero();
	}

	@Test
	void saysThatTheKeyIsMissingOrWrong() {
		assertThat(call(Map.of(), "drain", "--status")).returns(1, Called::exitCode).extracting(Called::err).asString()
				.contains("401", "hawser.operations.key");
		assertThat(call(Map.of("HAWSER_OPERATIONS_KEY", "x".repeat(40)), "reload").exitCode()).isEqualTo(1);
	}
}
