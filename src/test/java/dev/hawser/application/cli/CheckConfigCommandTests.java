package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All mistakes of a configuration are said, each in one sentence that names the property, and no value of a secret. */
class CheckConfigCommandTests {
	@TempDir
	private Path folder;

	private Called check(String yaml, String... more) throws IOException {
		Path file = Files.writeString(folder.resolve("application.yaml"), yaml);
		return Called.with(Called.more(new String[] { "check-config", file.toString() }, more));
	}

	@Test
	void findsNothingWrongWithAGoodFile() throws IOException {
		Called called = check("""
				hawser:
				  handshake.token.secret: good-secret-good-secret-good-secret-good-secret
				  hubs.chat.webhooks:
				    - url: https://backend.example.com/{event}
				      secrets: [hook-secret-hook-secret-hook-secret]
				server.port: 9000
				""");
		assertThat(called).as(called.out()).returns(0, Called::exitCode).returns("", Called::out);
	}

	@Test
	void saysAllMistakesInOneGo() throws IOException {
		Called called = check("""
				hawser:
				  handshake.token.secret: to-be-hidden
				  connection:
				    outbox-size: -1B
				    ping-interval: 25
				    slow-consumer: to-be-hidden
				    max-mesage-size: 1MB
				  operations.key: to-be-hidden
				  nonsense: to-be-hidden
				  hubs:
				    chat:
				      path: no slash
				      connection.max-message-size: big
				    1st.path: /first
				drain.window: 5s
				server.port: to-be-hidden
				""");
		assertThat(called.exitCode()).isEqualTo(1);
		assertThat(called.out()).doesNotContain("to-be-hidden");
		List<String> names = called.out().lines().map(line -> line.split("[ :]", -1)[0]).toList();
		assertThat(names).contains("hawser.handshake.token.secret", "hawser.connection.outbox-size", "hawser.connection.ping-interval",
				"hawser.connection.slow-consumer", "hawser.connection.max-mesage-size", "hawser.operations.key", "hawser.nonsense",
				"hawser.drain.window", "server.port").doesNotHaveDuplicates();
	}

	@Test
	void saysTheMistakesOfEachHub() throws IOException {
		assertThat(check("hawser.hubs:\n  a.path: no slash\n  b.connection.max-message-size: big\n").out()).containsSubsequence(
				"hawser.hubs.a.path must be like /chat", "hawser.hubs.b.connection.max-message-size has a value that is no DataSize");
	}

	/** What is wrong only because a wrong property was left out is not said. */
	@Test
	void saysNothingThatIsNotWrong() throws IOException {
		assertThat(check("hawser.push.keys:\n  - secret: short\n").out()).hasLineCount(1)
				.startsWith("hawser.push.keys[0].secret must have");
		assertThat(check("hawser.handshake.token.keys:\n  - id: a\n    secret: short\n").out()).hasLineCount(1)
				.startsWith("hawser.handshake.token.keys[0].secret must have");
	}

	@ParameterizedTest
	@ValueSource(strings = { "hawser: [", "hawser:\n\tnode: a\n", "a: b: c\n", "hawser:\n  node: \"never closed\n" })
	void saysWhereAFileIsNoYaml(String yaml) throws IOException {
		Called called = check(yaml);
		assertThat(called.exitCode()).isEqualTo(1);
		assertThat(called.out()).hasLineCount(1).contains("application.yaml is no YAML at line ");
	}

	@Test
	void saysThatAPlaceholderIsNotFilled() throws IOException {
		assertThat(check("hawser.push.key: ${NO_SUCH_VARIABLE}\n").out()).startsWith("hawser.push.key has a placeholder");
	}

	@Test
	void countsVariablesAndArgumentsAsAStartWould() throws IOException {
		assertThat(check("hawser.push.key: ${KEY}\n", "--KEY.x=1", "--hawser.node=no spaces please").out()).contains("hawser.push.key",
				"hawser.node");
		Path file = Files.writeString(folder.resolve("application.yaml"), "hawser.push.key: ${KEY}\n");
		assertThat(Called.with(Map.of("KEY", "k".repeat(40)), "", "check-config", file.toString()).exitCode()).isZero();
		assertThat(Called.with(Map.of("KEY", "k".repeat(40), "HAWSER_NODE", "a b"), "", "check-config", file.toString()).out())
				.startsWith("hawser.node ");
	}

	@Test
	void writesMistakesAsJson() throws IOException {
		assertThat(check("hawser.nonsense: 1\n", "--json").json().path("mistakes").path(0).asString()).startsWith("hawser.nonsense is no");
	}
}
