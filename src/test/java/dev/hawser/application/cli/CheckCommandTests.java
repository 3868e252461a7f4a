package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Frame;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.testing.RunningHawser;
import dev.hawser.testing.SilentPort;
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
			return (server, frame) -> server.push(frame.fd(),
					Frame.text(frame.text() + (frame.text().equals("twice") ? frame.text() : "")));
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

	private static final String GOOD = "fine";

	/** The result. */
	private static String check(String url, Map<String, String> environment, String... more) {
		Called called = Called.with(environment, "", Called.more(new String[] { "check", url, "--json" }, more));
		String result = called.json().path("result").asString();
		assertThat(called.exitCode()).as(result).isEqualTo(result.equals(GOOD) ? 0 : result.startsWith("nothing") ? 3 : 1);
		assertThat(called.out() + called.err()).doesNotContain(RunningHawser.SECRET);
		return result;
	}

	@Test
	void succeedsWithTheServersKey() {
		assertThat(check(server.url(), Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET))).isEqualTo(GOOD);
	}

	@Test
	void leavesOutALineBreakAfterTheKeyAsTheServerDoes() {
		assertThat(check(server.url(), Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET + "\n")))
				.isEqualTo(GOOD);
	}

	@Test
	void succeedsWithATokenFromElsewhere() {
		assertThat(check(server.url(), Map.of("HAWSER_TEST_TOKEN", RunningHawser.token(), "HAWSER_HANDSHAKE_TOKEN_SECRET", "not used")))
				.isEqualTo(GOOD);
	}

	@Test
	void expectsAnEchoWhenToldTo() {
		Map<String, String> key = Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET);
		assertThat(check(server.url(), key, "--echo", "Grüße")).isEqualTo(GOOD);
		assertThat(check(server.url(), key, "--echo", "twice")).isEqualTo("the answer to the text is another text");
	}

	@Test
	void showsAServerElsewhereNoTokenUnasked() {
		Map<String, String> key = Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET);
		String elsewhere = server.url().replace("localhost", "[::ffff:127.0.0.1]");
		assertThat(check(elsewhere, key)).startsWith("refused with 401 (token-missing)");
		assertThat(check(elsewhere, key, "--user", "ann")).isEqualTo(GOOD);
	}

	@Test
	void writesEachStepWithItsTime() {
		Called called = Called.with(Map.of("HAWSER_TEST_TOKEN", RunningHawser.token()), "", "check", server.url() + "?access=secret");
		assertThat(called.out()).containsPattern("handshake: [0-9.]+ ms\nping: [0-9.]+ ms\nclose: [0-9.]+ ms\nresult: fine\n")
				.contains("url: " + server.url() + "\n");
	}

	@Test
	void failsWithoutAToken() {
		assertThat(check(server.url(), Map.of())).startsWith("refused with 401 (token-missing): ");
	}

	@Test
	void failsWithATokenForAnotherAudience() {
		assertThat(check(server.url(), Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", RunningHawser.SECRET,
				"HAWSER_HANDSHAKE_TOKEN_AUDIENCE", "one,two"))).startsWith("refused with 401");
	}

	@Test
	void failsAtAPathWithoutAWebSocket() {
		assertThat(check(server.url().replace("/ws", "/nothing"), Map.of())).startsWith("refused with 404");
	}

	@Test
	void failsWhenTheServerLeavesFirst() {
		assertThat(check(server.url() + "?please=leave", Map.of("HAWSER_TEST_TOKEN", RunningHawser.token())))
				.isEqualTo("closed by the server with 1001");
	}

	@Test
	void failsAtAClosedPort() throws Exception {
		try (SilentPort silent = new SilentPort(0)) {
			assertThat(check("ws://127.0.0.1:" + silent.number() + "/ws", Map.of())).isEqualTo("nothing listens there");
		}
	}
}
