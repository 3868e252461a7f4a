package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Where keys come from, how they change, and where the push API is. */
@ReadsLog
class PushKeyTests {
	static final String OPERATOR = "operators-only-operators-only-operators-only";
	private static final String OLD = "old-key-old-key-old-key-old-key-old-key-0123";
	private static final String NEW = "new-key-new-key-new-key-new-key-new-key-0123";
	private static final String PATH = "/api/hubs/default/no-such-route";

	@TempDir
	private Path folder;

	private static Response ask(int port, String key, String path) throws Exception {
		return ApiDoorTests.ask(port, "GET", path, PushTokens.header(key, "http://localhost:" + port + path));
	}

	private static boolean opens(int port, String key) throws Exception {
		Response response = ask(port, key, PATH);
		return response.status() == 404 && response.header("x-ms-error-code") != null;
	}

	private void configure(String file, String content) throws Exception {
		Path next = Files.createDirectories(folder.resolve("next")).resolve("next");
		Files.writeString(next, content);
		Files.createDirectories(folder.resolve(file).getParent());
		Files.move(next, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
	}

	static void reload(RunningHawser server, int status) throws Exception {
		assertThat(ApiDoorTests
				.ask(server.operationsPort(), "POST", "/actuator/reload", "Content-Length: 0", "Authorization: Bearer " + OPERATOR)
				.status()).isEqualTo(status);
	}

	/** A key in a file of a folder of secrets, in a placeholder, and in the configuration: each is rotated by a reload. */
	@Test
	void rotatesKeysByAReload() throws Exception {
		configure("secrets/hawser.push.key", OLD);
		configure("secrets/SECOND", NEW);
		configure("config/application.yaml", "hawser.push.public-url: http://one.example.com\n");
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.operations.key=" + OPERATOR,
				"spring.config.additional-location=" + folder.resolve("config").toUri(),
				"spring.config.import=configtree:" + folder.resolve("secrets") + "/")) {
			int port = server.operationsPort();
			assertThat(opens(port, OLD)).isTrue();
			assertThat(opens(port, NEW)).isFalse();

			configure("config/application.yaml", "hawser.push:\n  keys:\n    - secret: ${SECOND}\n  public-url: http://two.example.com\n");
			reload(server, 200);
			assertThat(opens(port, OLD)).isTrue();
			assertThat(opens(port, NEW)).isTrue();
			assertThat(ApiDoorTests.ask(port, "GET", PATH, PushTokens.header(NEW, "http://two.example.com" + PATH)).status())
					.isEqualTo(404);
			assertThat(ApiDoorTests.ask(port, "GET", PATH, PushTokens.header(NEW, "http://one.example.com" + PATH)).status())
					.isEqualTo(401);

			configure("secrets/hawser.push.key", "third-key-third-key-third-key-third-key-0123");
			reload(server, 200);
			assertThat(opens(port, OLD)).isFalse();
			assertThat(opens(port, "third-key-third-key-third-key-third-key-0123")).isTrue();

			configure("secrets/SECOND", "short");
			reload(server, 422);
			assertThat(opens(port, NEW)).isTrue();

			Files.delete(folder.resolve("secrets/hawser.push.key"));
			configure("secrets/SECOND", NEW);
			configure("config/application.yaml", "hawser.push.on-client-port: true\n");
			reload(server, 200);
			Response gone = ask(port, NEW, PATH);
			assertThat(gone.status()).isEqualTo(404);
			assertThat(gone.header("x-ms-error-code")).as("without a key there is no push API").isNull();
		}
	}

	@Test
	void isAnUnknownPathWithoutAKey() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.push.on-client-port=true",
				"hawser.operations.key=" + OPERATOR)) {
			for (int port : List.of(server.port(), server.operationsPort())) {
				Response unknown = ask(port, OLD, "/unknown");
				for (String path : List.of(PATH, "/api/health", "/api/hubs/default/:send", "/api/hubs/x")) {
					for (String key : List.of(OLD, OPERATOR)) {
						Response response = ask(port, key, path);
						assertThat(response.status()).isEqualTo(404);
						assertThat(response.body().replace(path, "").replace(path.substring(1), ""))
								.isEqualTo(unknown.body().replace("/unknown", "").replace("unknown", ""));
						assertThat(response.headers().keySet()).isEqualTo(unknown.headers().keySet());
					}
				}
			}
		}
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', value = {
			"hawser.push.key=short, hawser.push.key must have at least 32 bytes",
			"hawser.push.keys[0].secret=0123456789012345678901234567890, hawser.push.keys[0].secret must have at least 32 bytes",
			"hawser.push.keys[0].hubs=default, hawser.push.keys[0].secret is missing",
			"hawser.push.keys[0].secret={key};hawser.push.keys[0].hubs=nowhere, hawser.push.keys[0].hubs names the hub 'nowhere'",
			"hawser.push.keys[0].secret={key};hawser.push.keys[1].secret={key}, hawser.push.keys[1].secret is the secret of another key",
			"hawser.push.key={key};hawser.push.keys[0].secret={key}, hawser.push.keys[0].secret is the secret of another key",
			"hawser.push.keys[0].secret={key};hawser.push.keys[0].id=a b, hawser.push.keys[0].id must be 1 to 63",
			"hawser.push.keys[0].secret={key};hawser.push.keys[0].verbs=fly, hawser.push.keys[0].verbs may name send",
			"hawser.push.keys[0].secret={key};hawser.push.keys[0].requests-per-second=-1, hawser.push.keys[0].requests-per-second must not be negative",
			"hawser.push.failures-per-address=-1, hawser.push.failures-per-address must not be negative",
			"hawser.push.clock-skew=-1s, hawser.push.clock-skew must not be negative",
			"hawser.push.most-in-page=201, hawser.push.most-in-page must be 1 to 200",
			"hawser.push.most-in-page=0, hawser.push.most-in-page must be 1 to 200",
			"hawser.push.longest-group-name=1025, hawser.push.longest-group-name must be 1 to 1024",
			"hawser.push.longest-group-name=0, hawser.push.longest-group-name must be 1 to 1024",
			"hawser.push.most-in-batch=0, hawser.push.most-in-batch must be at least 1",
			"hawser.connection.limits.groups=-1, hawser.connection.limits.groups must not be negative",
			"hawser.push.clock-skew=5, hawser.push.clock-skew is a number alone",
			"hawser.push.public-url=push.example.com, hawser.push.public-url must be an http or https URL",
			"hawser.push.public-url=https://push.example.com/?a=b, hawser.push.public-url must be an http or https URL",
			"hawser.public-url=wss://chat.example.com, hawser.public-url must be an http or https URL",
			"hawser.push.keys[0].file=/run/key, hawser.push.keys[0].file" })
	void refusesABadSetting(String properties, String sentence, CapturedOutput log) {
		String[] all = properties.replace("{key}", OLD).split(";");
		assertThatThrownBy(() -> RunningHawser.start(Echo.class, all)).isInstanceOf(RuntimeException.class);
		assertThat(log.getAll()).contains(sentence).doesNotContain(OLD, "0123456789012345678901234567890");
	}

	@Test
	void isOnTheClientsPortWhenAsked() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.push.key=" + OLD, "hawser.push.on-client-port=true",
				"server.servlet.context-path=/base")) {
			assertThat(ask(server.port(), OLD, "/base" + PATH).header("x-ms-error-code")).isNotNull();
			assertThat(ask(server.port(), OLD, "/base/api/hubs/default/users/a%2Fb/x").header("x-ms-error-code")).isNotNull();
			assertThat(ask(server.port(), NEW, PATH).status()).as("outside of the context path").isEqualTo(404);
			assertThat(opens(server.operationsPort(), OLD)).isTrue();
		}
	}

	/** As many failures as are allowed in a second are answered with 401, further ones with 429; a good token still gets in. */
	@Test
	void slowsStrangersDownButNotCallers() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.push.key=" + OLD, "hawser.push.failures-per-address=5",
				"hawser.client-address.trusted-proxies=127.0.0.1")) {
			int port = server.operationsPort();
			Response last = ask(port, NEW, PATH);
			assertThat(last.status()).isEqualTo(401);
			for (int i = 0; last.status() == 401 && i < 10_000; i++) {
				last = ask(port, NEW, PATH);
			}
			assertThat(last.status()).isEqualTo(429);
			assertThat(last.header("Retry-After")).isEqualTo("1");
			assertThat(last.header("Connection")).isEqualTo("close");
			assertThat(opens(port, OLD)).isTrue();
			assertThat(ApiDoorTests.ask(port, "GET", PATH, "X-Forwarded-For: 192.0.2.1").status()).as("another address").isEqualTo(401);
			assertThat(ask(port, NEW, "/actuator/prometheus").body()).contains("hawser_push_refused_total{reason=\"address\"}");
		}
	}

	@Test
	void appliesWhatTrustedProxiesSayToTheAudience() throws Exception {
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.push.key=" + OLD,
				"hawser.client-address.trusted-proxies=127.0.0.1")) {
			String header = PushTokens.header(OLD, "https://push.example.com" + PATH);
			assertThat(ApiDoorTests
					.ask(server.operationsPort(), "GET", PATH, header, "X-Forwarded-Proto: https", "X-Forwarded-Host: push.example.com")
					.status()).isEqualTo(404);
			assertThat(ApiDoorTests.ask(server.operationsPort(), "GET", PATH, header).status()).isEqualTo(401);
		}
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.push.key=" + OLD)) {
			assertThat(ApiDoorTests.ask(server.operationsPort(), "GET", PATH, PushTokens.header(OLD, "https://push.example.com" + PATH),
					"X-Forwarded-Proto: https", "X-Forwarded-Host: push.example.com").status()).isEqualTo(401);
		}
	}

	@Test
	void servesOnePortForOperationsAndClients() throws Exception {
		int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
		try (RunningHawser server = RunningHawser.start(Echo.class, "hawser.push.key=" + OLD, "server.port=" + port,
				"management.server.port=" + port, "management.endpoints.web.base-path=/", "hawser.operations.key=" + OPERATOR)) {
			assertThat(server.port()).isEqualTo(port);
			assertThat(opens(port, OLD)).isTrue();
			assertThat(ask(port, OLD, "/env").status()).isEqualTo(401);
			assertThat(opens(port, OPERATOR)).isFalse();
		}
	}

	private static final Pattern CONNECTION_STRING = Pattern
			.compile("Endpoint=http://127\\.0\\.0\\.1;Port=(\\d+);AccessKey=([^;]+);Version=1\\.0;");

	/** The connection string of the log is all that an SDK needs: one address for pushes and for clients. */
	@Test
	void printsAConnectionStringInADevelopmentStart(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.startAsConfigured(Echo.class, "hawser.hubs.chat.path=/chat")) {
			Matcher printed = CONNECTION_STRING.matcher(log.getAll());
			assertThat(printed.find()).isTrue();
			assertThat(Integer.parseInt(printed.group(1))).isEqualTo(server.port());
			String key = printed.group(2);
			assertThat(opens(server.port(), key)).isTrue();
			assertThat(opens(server.operationsPort(), key)).isTrue();
			String token = PushTokens.sign(key, Map.of("aud", "http://127.0.0.1:" + server.port() + "/client/hubs/chat", "sub", "ann"));
			String[] lines = RawClient.handshake("/client/hubs/chat?access_token=" + token, "Origin: http://localhost:3000");
			lines[1] = "Host: 127.0.0.1:" + server.port();
			try (RawClient client = RawClient.connect(server.port()).request(lines)) {
				assertThat(client.response().status()).isEqualTo(101);
			}
			assertThat(Arrays.toString(lines)).doesNotContain(key);
		}
	}

	@Test
	void makesNoKeyWhereOneIsConfigured(CapturedOutput log) throws Exception {
		try (RunningHawser server = RunningHawser.startSecure(Echo.class)) {
			assertThat(log.getAll()).doesNotContain("AccessKey=", "Push API: on");
			assertThat(ask(server.port(), OLD, PATH).header("x-ms-error-code")).isNull();
		}
		try (RunningHawser server = RunningHawser.startAsConfigured(Echo.class, "hawser.push.key=" + OLD)) {
			assertThat(log.getAll()).doesNotContain("AccessKey=", "development token", OLD);
			assertThat(opens(server.port(), OLD)).as("on the clients' port").isFalse();
		}
	}
}
