package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short calls in docs/push.md and docs/from-aws-api-gateway.md, with the function {@code push} of push.md. */
class DocumentedPushApiTests {
	private static final String KEY = "push-key-push-key-push-key-push-key-push-key-0123456789";
	private static final Page PUSH = Page.read("docs/push.md");

	@TempDir
	private static Path folder;
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		Shell.needs("bash", "curl", "openssl");
		server = RunningHawser.start(NoCallbacks.class, "hawser.push.key=" + KEY, "hawser.push.on-client-port=true",
				"hawser.hubs.chat.callbacks=none");
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	private static String push(String commands) throws Exception {
		String all = (PUSH.block("# curl 7.87") + commands).replace("localhost:9501", "localhost:" + server.port());
		try (Program program = Shell.start(folder, Map.of("PUSH_KEY", KEY), all)) {
			assertThat(program.exitCode()).as(program.output()).isZero();
			return program.output().strip();
		}
	}

	/** A command of the documentation, and what stands behind it in a comment. */
	private static void answers(String line) throws Exception {
		String[] parts = line.split(" +# ", -1);
		assertThat(push(parts[0])).as(line).endsWith(parts[1].strip());
	}

	@Test
	void makeATokenAndReachItsClient() throws Exception {
		List<String> lines = PUSH.block("push POST /:generateToken --url-query userId=ann     #").lines().toList();
		assertThat(lines).hasSize(3);
		String made = push(lines.getFirst().split(" +# ", -1)[0]);
		assertThat(made).startsWith("{\"token\":\"eyJ").endsWith("} 200");
		String path = lines.get(1).substring(lines.get(1).indexOf("/client"), lines.get(1).indexOf("eyJ"));
		String[] handshake = RawClient.handshake(path + made.replaceAll(".*\"(eyJ[^\"]+)\".*", "$1"));
		handshake[1] = "Host: localhost:" + server.port();
		try (RawClient client = RawClient.connect(server.port()).request(handshake)) {
			assertThat(client.response().status()).isEqualTo(101);
			answers(lines.get(2));
			assertThat(client.message().text()).isEqualTo("hello");
		}
	}

	@Test
	void sendABatch() throws Exception {
		Files.writeString(folder.resolve("batch.json"), PUSH.block("{\"pushes\": [\n"));
		String answer = push("push POST /hawser/batch -H \"$JSON\" --data @batch.json");
		assertThat(answer).endsWith(" 200").doesNotContain("error");
		assertThat(answer.split("\"delivery\"", -1)).as("an answer for each push").hasSize(5);
	}

	/** To a connection that is gone. */
	@Test
	void tellThatAConnectionIsGone() throws Exception {
		List<String> lines = Page.read("docs/from-aws-api-gateway.md").block("push POST").lines().toList();
		assertThat(lines).hasSize(2);
		for (String line : lines) {
			answers(line);
		}
	}
}
