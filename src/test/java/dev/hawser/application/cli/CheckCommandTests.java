package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SilentPort;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;

/** The program that `helm test` runs: it must succeed with a server that works, and fail with others. */
class CheckCommandTests {
	private static RunningHawser server;

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}

		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
				if (request.query("please").isPresent()) {
					server.disconnect(request.fd(), CloseStatus.GOING_AWAY);
				}
			};
		}
	}

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Callbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static String check(String url, Map<String, String> environment) throws Exception {
		return CheckCommand.check(URI.create(url), CheckCommand.token(environment));
	}

	@Test
	void succeedsWithTheServersKey() throws Exception {
		assertThat(check(server.url(), Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET))).isEqualTo(CheckCommand.GOOD);
	}

	@Test
	void leavesOutALineBreakAfterTheKeyAsTheServerDoes() throws Exception {
		assertThat(check(server.url(), Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET + "\n")))
				.isEqualTo(CheckCommand.GOOD);
	}

	@Test
	void succeedsWithATokenFromElsewhere() throws Exception {
		assertThat(check(server.url(), Map.of("HAWSER_TEST_TOKEN", RunningHawser.token(), "HAWSER_HANDSHAKE_TOKEN_SECRET", "not used")))
				.isEqualTo(CheckCommand.GOOD);
	}

	@Test
	void failsWithoutAToken() throws Exception {
		assertThat(check(server.url(), Map.of())).startsWith("refused with 401").contains("existingSecret", "test.tokenSecret");
	}

	@Test
	void failsWithATokenForAnotherAudience() throws Exception {
		assertThat(check(server.url(), Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET,
				"HAWSER_HANDSHAKE_TOKEN_AUDIENCE", "one,two"))).startsWith("refused with 401");
	}

	@Test
	void failsAtAPathWithoutAWebSocket() throws Exception {
		assertThat(check(server.url().replace("/ws", "/nothing"), Map.of())).startsWith("refused with 404");
	}

	@Test
	void failsWhenTheServerLeavesFirst() throws Exception {
		assertThat(check(server.url() + "?please=leave", Map.of("HAWSER_TEST_TOKEN", RunningHawser.token())))
				.isEqualTo("upgraded, but closed with 1001");
	}

	@Test
	void failsAtAClosedPort() throws Exception {
		try (SilentPort silent = new SilentPort(0)) {
			assertThat(check("ws://127.0.0.1:" + silent.number() + "/ws", Map.of())).contains("ConnectException");
		}
	}
}
