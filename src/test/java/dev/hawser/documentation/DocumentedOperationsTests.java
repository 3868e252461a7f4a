package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.FakeBackend;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.SharedKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls with curl in operations.md and webhooks.md, run in their order against a server whose backend refuses events. */
class DocumentedOperationsTests {
	private static final String KEY = "operators-only-operators-only-operators-only";
	private static final Page OPERATIONS = Page.read("docs/operations.md");
	private static final Page WEBHOOKS = Page.read("docs/webhooks.md");
	private static final String LIST = "curl -H \"Authorization: Bearer $KEY\" http://localhost:9502/actuator/deadletters";

	@AutoClose
	private static final FakeBackend BACKEND = FakeBackend.start().answer("disconnected", FakeBackend.status(404));
	@TempDir
	private static Path folder;
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		Shell.needs("bash", "curl");
		server = RunningHawser.startSecure(NoCallbacks.class, "hawser.operations.key=" + KEY, "hawser.hubs.chat.path=/chat",
				"hawser.hubs.chat.webhooks[0].url=" + BACKEND.url());
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	private static String run(String commands) throws Exception {
		return Shell.run(folder, Map.of("KEY", KEY), commands.replace("localhost:9502", "127.0.0.1:" + server.operationsPort()));
	}

	private static RawClient alice(String path) throws Exception {
		return RawClient.connect(server.port()).upgrade(path, "Authorization: Bearer " + alicesToken());
	}

	private static String alicesToken() {
		return SharedKey.of(RunningHawser.SECRET, Duration.ZERO).sign(Map.of("sub", "alice", "aud", "hawser"),
				Duration.ofMinutes(10));
	}

	private static JsonNode letters(int count) throws Exception {
		await().until(() -> JsonMapper.shared().readTree(run(LIST)).path("deadLetters").size() == count);
		return JsonMapper.shared().readTree(run(LIST));
	}

	@Test
	void takesConnectionsAway() throws Exception {
		try (RawClient alice = alice("/ws"); RawClient again = alice("/ws")) {
			assertThat(run(OPERATIONS.block("actuator/revoke"))).isEqualTo("{\"closed\":2}");
			assertThat(alice.message().closeCode()).isEqualTo(4403);
			assertThat(again.message().closeCode()).isEqualTo(4403);
		}
	}

	@Test
	void reloads() throws Exception {
		assertThat(run(OPERATIONS.block("actuator/reload"))).startsWith("{");
	}

	@Test
	void drainsAndTakesTheServerBack() throws Exception {
		String[] commands = OPERATIONS.block("actuator/drain").split("\n", -1);
		assertThat(run(commands[0])).contains("\"DRAIN");
		JsonNode documented = JsonMapper.shared().readTree(commands[1].replaceAll(".*# ", ""));
		assertThat(JsonMapper.shared().readTree(run(commands[1])).propertyNames()).containsExactlyElementsOf(documented.propertyNames());
		assertThat(run(commands[2])).contains("\"SERVING\"");
	}

	@Test
	void listsSendsAgainAndDiscardsDeadLetters() throws Exception {
		for (int i = 0; i < 2; i++) {
			alice("/chat").close();
		}
		JsonNode page = letters(2);
		JsonNode documented = JsonMapper.shared().readTree(WEBHOOKS.block("\"byHub\""));
		assertThat(page.propertyNames()).containsExactlyInAnyOrderElementsOf(documented.propertyNames());
		assertThat(page.path("deadLetters").path(0).propertyNames())
				.containsExactlyInAnyOrderElementsOf(documented.path("deadLetters").path(0).propertyNames());
		List<String> commands = new ArrayList<>(WEBHOOKS.block("actuator/deadletters?hub=chat&limit=100").lines().toList());
		assertThat(commands).hasSize(5);
		String id = page.path("deadLetters").path(0).path("id").asString();
		for (String command : commands) {
			assertThat(run(command.replace("1935716521000000", id))).as(command).isNotEmpty();
		}
		letters(0);
		run(OPERATIONS.block("actuator/deadletters"));
	}
}
