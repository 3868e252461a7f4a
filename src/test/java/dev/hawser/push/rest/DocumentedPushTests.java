package dev.hawser.push.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hawser.api.Clients;
import dev.hawser.api.OnGroup;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.CallbackJarBuilder;
import dev.hawser.testing.MavenLibraries;
import dev.hawser.testing.NodePackages;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** The code in docs/push.md, run as it stands there, but for the port and the ids of two connections. Each language must do the same. */
class DocumentedPushTests {
	private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
	private static final Path SDKS = Path.of("target/node-azure");
	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
	/** What the programs print, without spaces and quotation marks. */
	private static final Pattern PRINTED = Pattern.compile(("ID,userId:ann.*?ID.*?ID.*?count:4.*?YES.*?delivery:delivered;connections=1"
			+ ".*?delivery:delivered;connections=1.*?(eyJ[\\w.-]+)").replace("YES", "(?:200|true)").replace("ID", "connectionId:%1$s"));
	private static final Queue<String> GROUP_EVENTS = new ConcurrentLinkedQueue<>();

	private final Map<String, RawClient> clients = new LinkedHashMap<>();
	private final Map<String, String> ids = new LinkedHashMap<>();
	private RunningHawser server;

	@TempDir
	private Path folder;

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}

		@Bean
		OnGroup onGroup() {
			return new OnGroup() {
				@Override
				public void onJoined(WebSocketServer all, long fd, String group) {
					GROUP_EVENTS.add(fd + "+" + group);
				}

				@Override
				public void onLeft(WebSocketServer all, long fd, String group) {
					GROUP_EVENTS.add(fd + "-" + group);
				}
			};
		}
	}

	/**
	 * @param name    of the language, in the documentation
	 * @param program that must be installed
	 * @param file    which gets the blocks
	 */
	record Language(String name, String program, String file) {
		String code() throws Exception {
			List<String> blocks = blocks("## In five languages\n", name);
			assertThat(blocks).as("the client and the verbs").hasSize(8);
			String verbs = String.join("", blocks.subList(1, blocks.size()));
			return blocks.getFirst() + (name.equals("java") ? "void main() {\n" + verbs + "}\n" : verbs);
		}

		List<String> command() throws Exception {
			return name.equals("java")
					? List.of(JAVA, "-XX:TieredStopAtLevel=1", "-cp",
							MavenLibraries.classPath(Path.of("src/test/maven/push/pom.xml"), Path.of("target/java-push")), file)
					: List.of(program, file);
		}

		@Override
		public String toString() {
			return name;
		}
	}

	static List<Language> languages() {
		return List.of(new Language("bash", "curl", "push.sh"), new Language("js", "node", "documented.mjs"),
				new Language("python", "python3", "push.py"), new Language("php", "php", "push.php"),
				new Language("java", "mvn", "Push.java"));
	}

	/** The blocks of this language below a heading. */
	private static List<String> blocks(String heading, String language) throws Exception {
		String section = Files.readString(Path.of("docs/push.md")).split(heading, -1)[1].split("\n## ", -1)[0];
		return BLOCK.matcher(section).results().filter(block -> block.group(1).equals(language)).map(block -> block.group(2)).toList();
	}

	@BeforeEach
	void start() throws Exception {
		GROUP_EVENTS.clear();
		server = RunningHawser.startAsConfigured(Callbacks.class, "hawser.push.key=" + PushTokens.KEY, "hawser.push.on-client-port=true",
				"hawser.hubs.chat.path=/chat");
		for (String user : List.of("ann", "bob", "carl", "dora")) {
			connect(user, user.equals("ann") || user.equals("carl") ? List.of("news") : List.of());
		}
	}

	@AfterEach
	void stop() throws Exception {
		for (RawClient client : clients.values()) {
			client.close();
		}
		server.close();
	}

	private String base() {
		return "http://localhost:" + server.port();
	}

	private RawClient open(String token) throws Exception {
		String[] lines = RawClient.handshake("/client/hubs/chat?access_token=" + token, "Sec-WebSocket-Protocol: json.webpubsub.azure.v1");
		lines[1] = "Host: localhost:" + server.port();
		RawClient client = RawClient.connect(server.port()).request(lines);
		assertThat(client.response().status()).isEqualTo(101);
		return client;
	}

	private void connect(String user, List<String> groups) throws Exception {
		RawClient client = open(PushTokens.sign(PushTokens.KEY,
				Map.of("aud", base() + "/client/hubs/chat", "sub", user, "webpubsub.group", groups)));
		clients.put(user, client);
		ids.put(user, JsonMapper.shared().readTree(client.message().text()).path("connectionId").asString());
	}

	private RawClient client(String user) {
		return Objects.requireNonNull(clients.get(user));
	}

	private String here(String code) {
		return code.replace("http://localhost:9501", base()).replace("Port=9501", "Port=" + server.port())
				.replace("node-1", ids.get("ann")).replace("node-2", ids.get("bob"));
	}

	@ParameterizedTest
	@MethodSource("languages")
	void doesTheSame(Language language) throws Exception {
		assumeTrue(language.name().equals("java") || Program.onPath(language.program()).isPresent(),
				language.program() + " is not installed: the examples for " + language + " are not tried");
		Path place = folder;
		if (language.name().equals("js")) {
			assumeTrue(NodePackages.CAN_BE_INSTALLED, "npm is not installed: the examples for JavaScript are not tried");
			NodePackages.install(Path.of("src/test/node/azure"), SDKS);
			place = SDKS;
		}
		Files.writeString(place.resolve(language.file()), here(language.code()));
		List<String> command = new ArrayList<>(language.command());
		if (language.name().equals("bash")) {
			command.set(0, "bash");
		}
		try (Program program = Program.start(place, Map.of("PUSH_KEY", PushTokens.KEY), command.toArray(String[]::new))) {
			assertThat(program.exitCode()).as(program.output()).isZero();
			Matcher printed = Pattern.compile(PRINTED.pattern().formatted(ids.get("ann")))
					.matcher(program.output().replaceAll("[\\s\"']", ""));
			assertThat(printed.find()).as(program.output()).isTrue();
			assertThat(program.output()).as("each call was good").doesNotContain("Exception", "Warning", "\"code\"");
			try (RawClient client = open(printed.group(1))) {
				assertThat(client.message().text()).contains("\"event\":\"connected\"", "\"userId\":\"ann\"");
			}
		}
		checkMessages();
		checkGroups();
	}

	private void checkMessages() throws Exception {
		String toAll = "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"json\",\"data\":{\"news\":1}}";
		String toMembers = "{\"type\":\"message\",\"from\":\"group\",\"group\":\"news\",\"fromUserId\":null,\"dataType\":\"binary\",\"data\":\"AQI=\"}";
		String toSome = "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"to some\",\"metadata\":{\"trace\":\"7\"}}";
		expect("ann", toAll, "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"to a connection\"}",
				"{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"to a user\"}", toMembers, toSome,
				"{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"json\",\"data\":{\"n\":1}}");
		expect("bob", toAll);
		expect("carl", toAll, toMembers,
				"{\"type\":\"message\",\"from\":\"group\",\"group\":\"news\",\"fromUserId\":null,\"dataType\":\"text\",\"data\":\"hello\"}");
		expect("dora", toAll, toSome);
	}

	/** These messages, and then the end. */
	private void expect(String user, String... messages) throws Exception {
		RawClient client = client(user);
		for (String message : messages) {
			assertThat(client.message().text()).as(user).isEqualTo(message);
		}
		assertThat(client.message().text()).as(user).isEqualTo("{\"type\":\"system\",\"event\":\"disconnected\",\"message\":\"enough\"}");
		ReceivedFrame end = client.message();
		assertThat(end.closeCode()).isEqualTo(1000);
		assertThat(end.closeReason()).isEqualTo("enough");
		client.close();
	}

	private static void checkGroups() {
		List<String> expected = List.of("1+news", "3+news", "1+sport", "1+chess", "1+music", "1+films", "2+music", "2+films", "3+music",
				"3+films", "4+music", "4+films", "1-sport", "1-chess", "1-music", "2-music", "3-music", "4-music", "1-news", "1-films",
				"2-films", "3-news", "3-films", "4-films");
		await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(GROUP_EVENTS.stream().filter(one -> !one.startsWith("5")))
				.containsExactlyInAnyOrderElementsOf(expected));
		List<String> ofAnn = GROUP_EVENTS.stream().filter(one -> one.startsWith("1")).toList();
		assertThat(ofAnn).containsSubsequence("1+news", "1+sport", "1+chess", "1+music", "1-sport", "1-chess", "1-music", "1-films");
	}

	/** Each line of the block is a call that returns a stage. */
	@Test
	void doesTheSameInTheServer() throws Exception {
		String block = blocks("## In the server itself\n", "java").getFirst();
		String calls = Stream.of(here(block).split("\n"))
				.map(line -> line.replaceFirst("(.*);$", "results.add($1.toCompletableFuture().join());"))
				.collect(Collectors.joining("\n"));
		String source = """
				package documented;
				import dev.hawser.api.*;
				import java.time.Duration;
				import java.util.*;
				import org.springframework.web.socket.CloseStatus;
				public class InTheServer {
					public static List<Object> run(Clients clients) {
						List<Object> results = new ArrayList<>();
						%s
						return results;
					}
				}
				""".formatted(calls);
		new CallbackJarBuilder(folder).compile(Map.of("documented/InTheServer", source));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { folder.toUri().toURL() }, getClass().getClassLoader())) {
			List<?> results = (List<?>) loader.loadClass("documented.InTheServer").getMethod("run", Clients.class)
					.invoke(null, server.bean(Clients.class));
			assertThat(results).hasSize(13);
			assertThat(results.get(2)).isEqualTo(true);
			assertThat(results.get(5)).isEqualTo(4L);
			assertThat(results.get(10)).isEqualTo(true);
		}
		assertThat(client("ann").message().text()).contains("\"data\":{\"news\":1}");
		assertThat(client("ann").message().text()).contains("\"data\":\"to a connection\"");
		assertThat(client("carl").message().text()).contains("\"disconnected\"");
		assertThat(client("carl").message().closeCode()).isEqualTo(4000);
	}
}
