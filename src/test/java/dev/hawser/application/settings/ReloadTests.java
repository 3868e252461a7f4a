package dev.hawser.application.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnMessage;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import dev.hawser.token.DevelopmentToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Limits, origins and keys change while connections stay; a bad value changes nothing. */
@ReadsLog
class ReloadTests {
	private static final String KEY = "operators-only-operators-only-operators-only";
	private static final String OLD = "old-secret-old-secret-old-secret-old-secret";
	private static final String NEW = "new-secret-new-secret-new-secret-new-secret";
	private static final String ORIGIN = "Origin: https://app.example";

	@TempDir
	private Path folder;

	static class Echo {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.push(frame.fd(), frame);
		}
	}

	private RunningHawser start(String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.operations.key=" + KEY,
				"spring.config.additional-location=" + folder.toUri()));
		all.addAll(List.of(properties));
		return RunningHawser.startAsConfigured(Echo.class, all.toArray(String[]::new));
	}

	private void configure(String yaml) throws Exception {
		Path next = folder.resolve("next");
		Files.writeString(next, yaml);
		Files.move(next, folder.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
	}

	private static HttpResponse<String> call(RunningHawser server, @Nullable String key) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.operationsPort() + "/actuator/reload"))
				.timeout(Duration.ofSeconds(20)).POST(HttpRequest.BodyPublishers.noBody());
		if (key != null) {
			request.header("Authorization", "Bearer " + key);
		}
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
	}

	private static JsonNode reload(RunningHawser server, int status) throws Exception {
		HttpResponse<String> answer = call(server, KEY);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		return JsonMapper.shared().readTree(answer.body());
	}

	private static int status(RunningHawser server, String secret, String... headers) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake("/ws?access_token=" + DevelopmentToken.mint(secret, List.of("hawser")), headers))
					.response().status();
		}
	}

	private static RawClient connect(RunningHawser server, String secret) throws Exception {
		return RawClient.connect(server.port()).upgrade("/ws?access_token=" + DevelopmentToken.mint(secret, List.of("hawser")));
	}

	private static void assertAlive(RawClient client) throws Exception {
		assertThat(client.send(RawFrame.text("alive")).message().text()).isEqualTo("alive");
	}

	@Test
	void changesKeysOriginsAndLimitsWithoutDroppingAConnection() throws Exception {
		configure("hawser.handshake.token.secret: " + OLD);
		try (RunningHawser server = start(); RawClient client = connect(server, OLD)) {
			assertThat(status(server, NEW)).isEqualTo(401);
			assertThat(status(server, OLD, ORIGIN)).isEqualTo(403);

			configure("""
					hawser:
					  handshake:
					    allowed-origins: https://app.example
					    token.keys:
					      - {id: a, secret: %s}
					      - {id: b, secret: %s}
					""".formatted(OLD, NEW));
			assertThat(status(server, NEW)).as("not before a reload").isEqualTo(401);
			JsonNode outcome = reload(server, 200);
			assertThat(outcome.path("applied").asBoolean()).isTrue();
			assertThat(outcome.path("needRestart").size()).isZero();
			assertThat(status(server, NEW, ORIGIN)).isEqualTo(101);
			assertThat(status(server, OLD)).isEqualTo(101);
			assertAlive(client);

			configure("hawser: {handshake.token.secret: %s, connection.limits.connections: 1}".formatted(NEW));
			reload(server, 200);
			assertThat(status(server, OLD)).as("the old key is gone").isEqualTo(503); // full comes first
			assertThat(status(server, NEW)).as("full, with the one that is open").isEqualTo(503);
			assertAlive(client);

			configure("hawser.handshake.token.secret: " + NEW);
			reload(server, 200);
			assertThat(status(server, OLD)).isEqualTo(401);
			assertThat(status(server, NEW, ORIGIN)).as("origin allowed no more").isEqualTo(403);
			assertThat(status(server, NEW)).isEqualTo(101);
			assertAlive(client);
		}
	}

	@Test
	void changesTheOperatorsKey() throws Exception {
		String next = "next-operators-next-operators-next-operators";
		configure("hawser: {operations.key: %s, handshake.token.secret: %s}".formatted(KEY, OLD));
		try (RunningHawser server = RunningHawser.startAsConfigured(Echo.class, "spring.config.additional-location=" + folder.toUri())) {
			configure("hawser: {operations.key: %s, handshake.token.secret: %s}".formatted(next, OLD));
			assertThat(call(server, next).statusCode()).as("not before a reload").isEqualTo(401);
			assertThat(reload(server, 200).path("needRestart").size()).isZero();
			assertThat(call(server, KEY).statusCode()).isEqualTo(401);
			assertThat(call(server, next).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void changesNothingWhenTheConfigurationIsBad(CapturedOutput log) throws Exception {
		configure("hawser.handshake.token.secret: " + OLD);
		try (RunningHawser server = start(); RawClient client = connect(server, OLD)) {
			configure("hawser: {handshake: {allowed-origins: 'https://app.example', token.secret: short-hunter2}}");
			JsonNode outcome = reload(server, 422);
			assertThat(outcome.path("applied").asBoolean()).isFalse();
			assertThat(outcome.path("error").asString()).contains("hawser.handshake.token.secret must have at least 32 bytes");
			assertThat(log).contains("refused, and the old one stays in force: hawser.handshake.token.secret").doesNotContain("hunter2");
			assertThat(status(server, OLD)).isEqualTo(101);
			assertThat(status(server, OLD, ORIGIN)).as("not even what is good of it").isEqualTo(403);

			configure("hawser: {handshake: {token.secret: '%s', tokn: x}}".formatted(NEW));
			assertThat(reload(server, 422).path("error").asString()).contains("hawser.handshake.tokn is no property");
			configure("hawser: {handshake: [unclosed");
			assertThat(reload(server, 422).path("error").asString()).isNotBlank();
			configure("hawser.handshake.token.keys: [{id: a, public-key: /nowhere/key.pem}]");
			assertThat(reload(server, 422).path("error").asString()).contains("hawser.handshake.token.keys[0].public-key")
					.contains("(/nowhere/key.pem)");
			assertThat(status(server, OLD)).isEqualTo(101);
			assertThat(status(server, NEW)).isEqualTo(401);
			assertAlive(client);
		}
	}

	/** A setting missing from a half-written file would be back at its default: open to every client, or to none. */
	@Test
	void refusesAFileThatIsBeingWritten() throws Exception {
		String good = "hawser:\n  handshake.token.secret: " + OLD + "\n  handshake.allowed-origins: https://app.example\n";
		configure(good);
		try (RunningHawser server = start(); RawClient client = connect(server, OLD)) {
			String file = folder.resolve("application.yaml").toString();
			configure("");
			assertThat(reload(server, 422).path("error").asString()).contains(file, "is gone, or has become empty");
			Files.delete(folder.resolve("application.yaml"));
			assertThat(reload(server, 422).path("error").asString()).contains(file, "is gone, or has become empty");
			configure(good.substring(0, good.indexOf("  handshake.allowed")).strip());
			assertThat(reload(server, 422).path("error").asString()).contains(file, "ends in the middle of a line that was longer before");
			configure("hawser:\n  handshake.allowed-origins: https://app.example\n");
			assertThat(reload(server, 422).path("error").asString())
					.contains("hawser.handshake.token had a key or an issuer and no longer has one");
			assertThat(status(server, OLD, ORIGIN)).as("all as before").isEqualTo(101);
			assertAlive(client);
			configure(good.replace(OLD, NEW));
			reload(server, 200);
			assertThat(status(server, NEW, ORIGIN)).isEqualTo(101);
		}
	}

	@Test
	void saysWhatNeedsARestart() throws Exception {
		configure("hawser.handshake.token.secret: " + OLD);
		try (RunningHawser server = start()) {
			configure("hawser: {handshake.token.secret: '%s', request.header-count: 7, drain.window: 3s, hubs.chat.path: /chat}"
					.formatted(NEW));
			JsonNode outcome = reload(server, 200);
			assertThat(outcome.path("needRestart").valueStream().map(JsonNode::asString))
					.containsExactly("hawser.drain", "hawser.hubs", "hawser.request");
			assertThat(status(server, NEW)).isEqualTo(101);
		}
	}

	@Test
	void changesAHubAlone() throws Exception {
		configure("hawser: {handshake.token.secret: '%s', hubs.chat.handshake.allowed-origins: 'https://old.example'}".formatted(OLD));
		try (RunningHawser server = start()) {
			configure("hawser: {handshake.token.secret: '%s', hubs.chat.handshake.token.required: false}".formatted(OLD));
			reload(server, 200);
			try (RawClient client = RawClient.connect(server.port()).upgrade("/client/hubs/chat");
					RawClient stranger = RawClient.connect(server.port())) {
				assertAlive(client);
				assertThat(stranger.request(RawClient.handshake("/ws")).response().status()).isEqualTo(401);
			}
		}
	}

	@Test
	void watchesTheFilesWhereThatIsConfigured(CapturedOutput log) throws Exception {
		configure("hawser.handshake.token.secret: " + OLD);
		try (RunningHawser server = start("hawser.reload-interval=50ms"); RawClient client = connect(server, OLD)) {
			configure("hawser.handshake.token.secret: too-short");
			Awaitility.await().until(() -> log.getAll().contains("stays in force"));
			configure("hawser.handshake.token.secret: " + NEW);
			Awaitility.await().until(() -> status(server, NEW) == 101);
			assertThat(log.getAll().split("stays in force", -1)).as("complained of once").hasSize(2);
			assertAlive(client);
		}
	}

	@Test
	void isForOperatorsOnly() throws Exception {
		configure("hawser.handshake.token.secret: " + OLD);
		try (RunningHawser server = start()) {
			assertThat(call(server, null).statusCode()).isEqualTo(401);
			assertThat(call(server, "x".repeat(40)).statusCode()).isEqualTo(401);
		}
	}
}
