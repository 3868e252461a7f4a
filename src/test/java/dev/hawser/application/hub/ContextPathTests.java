package dev.hawser.application.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Hubs answer below the paths that Spring Boot puts before everything, and nowhere else. */
@ReadsLog
class ContextPathTests {

	@ParameterizedTest
	@CsvSource({ "server.servlet.context-path=/api, /api", "spring.mvc.servlet.path=/mvc, /mvc" })
	void answersBelowIt(String property, String prefix, CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, property)) {
			for (String path : new String[] { "/ws", "/client/hubs/default" }) {
				assertThat(status(server, prefix + path)).isEqualTo(101);
				assertThat(status(server, path)).isEqualTo(404);
			}
			assertThat(log).contains("ws://localhost:" + server.port() + prefix + "/ws");
		}
	}

	@Test
	void answersBelowBoth(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, "server.servlet.context-path=/api", "spring.mvc.servlet.path=/mvc/")) {
			assertThat(status(server, "/api/mvc/ws")).isEqualTo(101);
			assertThat(status(server, "/api/ws")).isEqualTo(404);
			assertThat(log).contains("/api/mvc/ws");
		}
	}

	private static int status(RunningHawser server, String target) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake(target)).response().status();
		}
	}
}
