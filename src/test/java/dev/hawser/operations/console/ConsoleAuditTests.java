package dev.hawser.operations.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.ConsoleClient;
import dev.hawser.testing.Parrot;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/** What is written down of operators, and what is not written down of clients. */
@ReadsLog
class ConsoleAuditTests {
	private static final String KEY = "an-operators-key-of-32-bytes-or-more";

	private static RawClient.Response login(RunningHawser server, String key) throws IOException {
		return ConsoleClient.ask(server.operationsPort(), "POST", "/console/api/login", "{\"key\":\"" + key + "\"}", ConsoleClient.OF_PAGE);
	}

	private static String id(ConsoleClient operator) throws IOException {
		return operator.look("connections?hub=default").body().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
	}

	@Test
	void writesDownWhatAnOperatorDoes(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY);
				RawClient client = server.connect().awaitOpen()) {
			assertThat(login(server, "wrong-key-that-must-not-be-logged").status()).isEqualTo(401);
			ConsoleClient operator = ConsoleClient.signIn(server, KEY);
			String id = id(operator);
			operator.act("send", "{\"id\":\"" + id + "\",\"text\":\"a-secret-text\"}");
			assertThat(client.message().text()).isEqualTo("a-secret-text");
			operator.act("ping", "{\"id\":\"" + id + "\"}");
			operator.act("join", "{\"id\":\"" + id + "\",\"group\":\"room\"}");
			operator.act("ping", "{\"id\":\"x\\nforged line\"}");
			operator.act("leave", "{\"id\":\"" + id + "\",\"group\":\"room\"}");
			operator.act("close", "{\"id\":\"" + id + "\",\"code\":4000,\"reason\":\"a-secret-reason\"}");
			operator.act("token", "{\"hub\":\"default\"}");
			operator.act("logout", "{}");
			Awaitility.await().until(() -> log.getAll().contains("has signed out"));
			assertThat(log.getAll()).contains("Console: 127.0.0.1 has shown a wrong key", "has signed in to act",
					"sent a text of 13 characters to " + id + ": Delivered", "pinged " + id, "made " + id + " join the group room",
					"made " + id + " leave the group room", "closed " + id + " with 4000", "made a token to try the hub default")
					.doesNotContain("a-secret", "wrong-key-that", "\nforged line", KEY);
		}
	}

	@Test
	void slowsDownWhoTriesKeys(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY)) {
			for (int i = 0; i < 5; i++) {
				assertThat(login(server, "wrong").status()).isEqualTo(401);
			}
			assertThat(login(server, "wrong").status()).isEqualTo(429);
			assertThat(login(server, KEY).status()).as("the right key, too: a wrong one must not be told apart").isEqualTo(429);
		}
	}

	@Test
	void showsPayloadsOnlyIfASettingSaysSo(CapturedOutput log) throws Exception {
		for (boolean shown : new boolean[] { false, true }) {
			try (RunningHawser server = RunningHawser.start(Parrot.class, "hawser.operations.key=" + KEY,
					"hawser.console.show-payloads=" + shown,
					"logging.level.dev.hawser=trace"); RawClient client = server.connect().awaitOpen()) {
				ConsoleClient operator = ConsoleClient.signIn(server, KEY);
				assertThat(operator.look("session").body()).contains("\"showsPayloads\":" + shown);
				try (ConsoleClient.Events events = operator.events("?connection=" + id(operator))) {
					client.send(RawFrame.text("a-secret-text"));
					assertThat(client.message().text()).isEqualTo("a-secret-text");
					client.send(RawFrame.binary(new byte[] { 1, (byte) 0xab }));
					client.message();
					client.send(RawFrame.close(1000, "bye"));
					String seen = events.until("\"kind\":\"close\"");
					assertThat(seen).contains("\"kind\":\"received\"", "\"detail\":\"text\",\"bytes\":13", "\"kind\":\"sent\"",
							"1000 by the client: bye");
					if (shown) {
						assertThat(seen).containsSubsequence("received", "\"payload\":\"a-secret-text\"", "sent",
								"\"payload\":\"a-secret-text\"",
								"\"payload\":\"01 ab\"");
					}
					else {
						assertThat(seen).doesNotContain("payload", "a-secret");
					}
				}
			}
		}
		assertThat(log.getAll()).contains("hawser.console.show-payloads is on").doesNotContain("a-secret");
	}
}
