package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.ForHub;
import dev.hawser.api.OnClose;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

/** Likely mistakes of operators and developers, and the one sentence that explains each. */
@ReadsLog
class LikelySlipsTests {
	@TempDir
	private Path folder;

	static Stream<Arguments> files() {
		return Stream.of(
				row("a bracket that is never closed", "hawser: {handshake: {token.secret: hunter2",
						"application.yaml is no YAML at line 1"),
				row("a tab", "hawser:\n\thandshake.token.secret: hunter2", "application.yaml is no YAML at line 2, column 1."),
				row("a quote that is never closed", "hawser:\n  handshake.token.secret: \"hunter2", "application.yaml is no YAML"),
				row("two colons", "hawser: handshake: hunter2", "application.yaml is no YAML at line 1"),
				row("wrong indentation", "hawser:\n  handshake:\n      token.secret: hunter2\n    require-origin: true",
						"application.yaml is no YAML at line 4"),
				row("not indented", "hawser:\nconnection:\n  ping-interval: 10s",
						"hawser.connection.ping-interval is written as connection.ping-interval"),
				row("not indented, deeper", "hawser:\nhandshake:\n  token:\n    required: false",
						"hawser.handshake.token.required is written as handshake.token.required"),
				row("no hawser at all", "drain.window: 5s", "hawser.drain.window is written as drain.window"),
				row("a policy of another name", "hawser.connection.slow-consumer: disconnect",
						"hawser.connection.slow-consumer has a value that is none of close, drop"),
				row("a rate policy of another name", "hawser.connection.limits.over-rate: drop",
						"hawser.connection.limits.over-rate has a value that is none of delay, close"),
				row("a choice of another name", "hawser.hubs.chat.callbacks: off",
						"hawser.hubs.chat.callbacks has a value that is none of found, none"),
				row("a warning of another name", "hawser.callbacks.handshake-with-open: error",
						"hawser.callbacks.handshake-with-open has a value that is none of warn, reject"),
				row("a word for a number", "hawser.connection.limits.connections: many",
						"hawser.connection.limits.connections has a value that is no whole number"),
				row("a fraction", "hawser.connection.limits.per-user: 1.5",
						"hawser.connection.limits.per-user is a fraction, and has to be a whole number."),
				row("a number that is too large", "hawser.connection.limits.connections: 3000000000",
						"hawser.connection.limits.connections has a value that is no whole number from 0 to 2147483647"),
				row("maybe", "hawser.handshake.require-origin: maybe",
						"hawser.handshake.require-origin has a value that is no boolean: true or false"),
				row("minutes spelt out", "hawser.drain.window: 5 minutes", "hawser.drain.window has a value that is no Duration, such as"),
				row("megabytes spelt out", "hawser.connection.max-message-size: 1 mega",
						"hawser.connection.max-message-size has a value that is no DataSize, such as"),
				row("a list for a number", "hawser.connection.limits.connections: [1, 2]", "hawser.connection.limits.connections"),
				row("a dot too many", "hawser.hand.shake.token.required: true",
						"hawser.hand.shake.token.required is no property of Hawser"),
				row("camel and snake", "hawser.handshake.token.clock_skews: 1s",
						"hawser.handshake.token.clockskews is no property of Hawser"),
				row("the property of another section", "hawser.connection.allowed-origins: '*'",
						"hawser.connection.allowed-origins is no property of Hawser"),
				row("a section that only the server has, in a hub", "hawser.hubs.chat.drain.window: 1s",
						"hawser.hubs.chat.drain.window is no property of Hawser"),
				row("a path at the top", "hawser.path: /chat", "hawser.path is no property of Hawser"),
				row("a hub without a name", "hawser.hubs.path: /chat", "hawser.hubs.path is a value, and no hub"),
				row("a key file that is not there", "hawser.handshake.token.keys: [{id: a, public-key: /etc/hawser/partner.pem}]",
						"hawser.handshake.token.keys[0].public-key names a file that cannot be read (/etc/hawser/partner.pem)."),
				row("a secret in the place of a key file", "hawser.handshake.token.keys: [{id: a, public-key: hunter2hunter2}]",
						"hawser.handshake.token.keys[0].public-key names a file that cannot be read."),
				row("a slash in the name of a hub", "hawser.hubs[a/b].path: /chat", "hawser.hubs has a hub whose name is not 1 to 63"));
	}

	private static Arguments row(String label, String yaml, String sentence) {
		return Arguments.of(label, yaml, sentence);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("files")
	void saysInOneSentenceWhatIsWrongInAFile(String label, String yaml, String sentence, CapturedOutput log) throws Exception {
		Files.writeString(folder.resolve("application.yaml"), yaml);
		assertThatThrownBy(() -> ReadConfiguration.of("--spring.config.additional-location=file:" + folder + "/").close()).isNotNull();
		assertThat(log).contains("APPLICATION FAILED TO START");
		String report = log.getAll().substring(log.getAll().indexOf("APPLICATION FAILED TO START"));
		assertThat(report).contains(sentence).doesNotContain("\tat ", "hunter2", "Exception");
	}

	static class CloseOfChat {
		@Bean
		@ForHub("chat")
		OnClose onClose() {
			return (server, fd, status, initiator) -> {
			};
		}
	}

	@Test
	void namesTheHubWithoutAnOnMessage(CapturedOutput log) {
		assertThatThrownBy(() -> RunningHawser.start(CloseOfChat.class, "hawser.hubs.chat.path=/chat").close()).isNotNull();
		assertThat(log).contains("There are callbacks for the hub 'chat', but no OnMessage for it", "@ForHub(\"chat\")")
				.doesNotContain("\tat ");
	}

	@Test
	void saysWhichPortIsInUse(CapturedOutput log) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatThrownBy(() -> RunningHawser.start(NoCallbacks.class, "management.server.port=" + taken.getLocalPort(),
					"management.server.address=127.0.0.1").close()).isNotNull();
			assertThat(log).contains("Port " + taken.getLocalPort() + ", for the operations of this server, is in use by another program.",
					"A second server on one machine needs both --server.port and --management.server.port.");
		}
	}

	static class NoCallbacks {
	}
}
