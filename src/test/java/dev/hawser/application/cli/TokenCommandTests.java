package dev.hawser.application.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tokens that the command line makes are those that the server with the same configuration accepts. */
class TokenCommandTests {
	private static final String OTHER = "other-secret-other-secret-other-secret-0123456789";
	private static final String PUSH = "push-key-push-key-push-key-push-key-0123456789";
	private static final String[] SETTINGS = { "hawser.handshake.token.keys[0].id=one", "hawser.handshake.token.keys[0].secret="
			+ RunningHawser.SECRET, "hawser.handshake.token.issuer=https://login.example.com", "hawser.handshake.token.audience=a,b",
			"hawser.hubs.chat.path=/chat", "hawser.hubs.chat.handshake.token.keys[0].id=two",
			"hawser.hubs.chat.handshake.token.keys[0].secret=" + OTHER, "hawser.hubs.chat.handshake.token.audience=chat",
			"hawser.push.key=" + PUSH };
	private static RunningHawser server;
	@TempDir
	private static Path folder;
	private static String location;

	@BeforeAll
	static void start() throws IOException {
		server = RunningHawser.startAsConfigured(NoCallbacks.class, SETTINGS);
		Path file = Files.writeString(folder.resolve("hawser.properties"),
				String.join("\n", SETTINGS) + "\nhawser.public-url=http://localhost\n");
		location = "--spring.config.additional-location=file:" + file;
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static int status(String path, String token) throws Exception {
		try (RawClient client = RawClient.connect(server.port())) {
			return client.request(RawClient.handshake(path, "Authorization: Bearer " + token)).response().status();
		}
	}

	@ParameterizedTest
	@CsvSource({ "default,/ws", "chat,/chat" })
	void signsWithTheSecretOfTheHub(String hub, String path) throws Exception {
		Called called = Called.with("token", location, "--hub", hub, "--user", "ann");
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(status(path, called.out().strip())).isEqualTo(101);
		assertThat(status(path.equals("/ws") ? "/chat" : "/ws", called.out().strip())).isEqualTo(401);
	}

	@Test
	void signsWithTheKeyOfThePushApiForGroupsAndRoles() throws Exception {
		Called called = Called.with("token", location, "--hub", "chat", "--group", "room-1", "--role", "webpubsub.sendToGroup", "--json");
		assertThat(called.json().path("url").asString()).isEqualTo("ws://localhost/client/hubs/chat");
		assertThat(status("/client/hubs/chat", called.json().path("token").asString())).isEqualTo(101);
	}

	@Test
	void readsTheSecretFromAVariableAndLeavesOutItsLineBreak() {
		Called called = Called.with(Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", OTHER + "\n", "HAWSER_HANDSHAKE_TOKEN_AUDIENCE", "x,y"), "",
				"token");
		assertThat(new String(Base64.getUrlDecoder().decode(called.out().split("\\.", -1)[1]), StandardCharsets.UTF_8))
				.contains("\"aud\":[\"x\",\"y\"]");
	}

	@Test
	void saysThatThereIsNoSecret() {
		assertThat(Called.with("token")).returns(1, Called::exitCode).returns("", Called::out).extracting(Called::err).asString()
				.contains("No hawser.handshake.token.secret is configured");
		assertThat(Called.with(Map.of("HAWSER_HANDSHAKE_TOKEN_ISSUER", "https://login.example.com"), "", "token").err())
				.contains("no secret that this command could sign with");
		assertThat(Called.with("token", "--push-key").err()).contains("hawser.push.key");
	}

	@Test
	void saysThatASecretIsTooShortWithoutShowingIt() {
		Called called = Called.with(Map.of("HAWSER_HANDSHAKE_TOKEN_SECRET", "to-be-hidden"), "", "token");
		assertThat(called).returns(2, Called::exitCode).extracting(Called::err).asString().contains("32 bytes")
				.doesNotContain("to-be-hidden");
	}
}
