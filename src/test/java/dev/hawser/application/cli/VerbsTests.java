package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.SilentPort;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: which arguments are a verb, what is said of wrong ones, and the exit codes. */
class VerbsTests {

	@ParameterizedTest
	@CsvSource({ "token,true", "health,true", "nonsense,true", "--help,true", "-h,true", "--version,true", "--server.port=1,false",
			"--debug,false", "-x,false", "'',true" })
	void takesEverythingThatIsNoOptionForAVerb(String first, boolean verb) {
		assertThat(Verbs.areIn(new String[] { first, "more" })).isEqualTo(verb);
	}

	@Test
	void startsTheServerWithoutArguments() {
		assertThat(Verbs.areIn(new String[0])).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "conect,connect", "drian,drain", "helth,health", "tokne,token", "connection,connections", "deadletters,dead-letters",
			"Health,health", "reload!,reload", "checkconfig,check-config" })
	void namesTheNearestVerb(String wrong, String right) {
		Called called = Called.with(wrong, "--whatever");
		assertThat(called.exitCode()).isEqualTo(2);
		assertThat(called.err()).contains("There is no verb '" + wrong + "'; the nearest is '" + right + "'.");
		assertThat(called.out()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "token", "connect", "send", "connections", "close", "drain", "reload", "dead-letters", "check-config", "health",
					"check", "completion" })
	void explainsEachVerbWithAnExampleAndItsExitCodes(String verb) {
		Called called = Called.with(verb, "--help");
		assertThat(called.exitCode()).isZero();
		assertThat(called.out()).contains("Example:\n  java -jar hawser.jar " + verb, "Exit codes:", "wrong usage");
		assertThat(Called.with("--help").out()).contains("\n  " + verb + " ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "token --nonsense", "token --expires 5", "token --expires soon", "send Hello", "send --all --user ann Hello",
			"send --type xml --all Hello", "close", "close --connection x --filter y", "drain --wait --end", "dead-letters",
			"dead-letters burn", "dead-letters resend", "dead-letters discard 1 --all", "dead-letters list 1", "completion fish",
			"check-config no-such-file.yaml", "connections --limit -1", "connections --limit many", "health now",
			"send --connection-string nonsense --all x", "send --connection-string-file no-such-file --all x", "send --all x",
			"check not-a-url", "check http://localhost:1/", "connect --plain --json" })
	void answersWrongUsageWithOneSentenceAndTwo(String arguments) {
		Called called = Called.with(arguments.split(" ", -1));
		assertThat(called.exitCode()).as(called.toString()).isEqualTo(2);
		assertThat(called.out() + called.err()).doesNotContain("Exception").doesNotContain("\tat ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "drain", "reload", "dead-letters list", "connections", "send --all x", "close --all", "connect", "check" })
	void saysThatThereIsNoAnswerAndEndsWithThree(String arguments) throws Exception {
		try (SilentPort silent = new SilentPort(0)) {
			String port = Integer.toString(silent.number());
			Called called = Called.with(Map.of("SERVER_PORT", port, "MANAGEMENT_SERVER_PORT", port, "HAWSER_PUSH_KEY", "k".repeat(32)), "",
					arguments.split(" ", -1));
			assertThat(called.exitCode()).as(called.toString()).isEqualTo(3);
			assertThat(called.out() + called.err()).doesNotContain("Exception").doesNotContain("kkkk");
		}
	}

	@Test
	void writesAScriptThatShellsAccept() throws Exception {
		Called called = Called.with("completion", "bash");
		assertThat(called.exitCode()).isZero();
		assertThat(called.out()).contains("complete ", "dead-letters", "--connection-string-file");
		Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
		bash.getOutputStream().write(called.out().getBytes(StandardCharsets.UTF_8));
		bash.getOutputStream().close();
		assertThat(bash.waitFor()).as(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isZero();
	}

	@Test
	void showsTheVersion() {
		assertThat(Called.with("--version").out()).startsWith("Hawser");
	}
}
