package dev.hawser.application.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.HubTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTokensTests {
	private static final String FIRST = "first-operators-only-first-operators-only";
	private static final String SECOND = "second-operators-only-second-operators-only";
	private static final String PAGE = "http://localhost:9502";

	@TempDir
	private Path folder;

	private void configure(String key) throws Exception {
		Path next = folder.resolve("next");
		Files.writeString(next, "hawser.operations.key: " + key);
		Files.move(next, folder.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
	}

	private static void reload(RunningHawser server, String key) throws Exception {
		try (RawClient client = RawClient.connect(server.operationsPort())) {
			client.request("POST /actuator/reload HTTP/1.1", "Host: localhost", "Content-Length: 0", "Authorization: Bearer " + key);
			assertThat(client.response().status()).isEqualTo(200);
		}
	}

	@Test
	void endWithTheOperatorsKey() throws Exception {
		configure(FIRST);
		try (RunningHawser server = RunningHawser.startSecure(Echo.class, "spring.config.additional-location=" + folder.toUri())) {
			ConsoleTokens tokens = server.bean(ConsoleTokens.class);
			HubTokens.OfHub accepted = tokens.of("default");
			String before = Objects.requireNonNull(tokens.token("default", PAGE));
			assertThat(accepted.find("ws://localhost/ws", before)).isNotNull();
			assertThat(accepted.find("ws://localhost/ws", before)).as("again").isNotNull();
			configure(SECOND);
			reload(server, FIRST);
			assertThat(accepted.find("ws://localhost/ws", before)).isNull();
			String after = Objects.requireNonNull(tokens.token("default", PAGE));
			assertThat(accepted.find("ws://localhost/ws", after)).isNotNull();
			assertThat(accepted.admits(PAGE, after)).isTrue();
		}
	}
}
