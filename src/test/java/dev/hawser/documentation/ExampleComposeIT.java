package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FreePort;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;

import dev.hawser.token.SharedKey;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The parts of {@code examples/compose.yaml}, started by hand: its Redis, its proxy with the configuration in the file, and three nodes with
 * the environment in the file. Only what containers would bring is replaced: names of hosts, and ports.
 */
class ExampleComposeIT {
	private static final List<String> NODES = List.of("node-1", "node-2", "node-3");
	private static final String SECRET = "secret-for-clients-of-this-test-0123456789";
	private static final Map<String, String> SECRETS = Map.of("${TOKEN_SECRET:?}", SECRET, "${PUSH_KEY:?}",
			"key-of-the-push-api-0123456789-0123456789",
			"${OPERATIONS_KEY:?}", "key-of-operators-0123456789-0123456789");

	@TempDir
	private Path folder;

	/** A running node, and its two ports. */
	record Node(Program program, FreePort clients, FreePort operations) {
	}

	@Test
	void reachAClientBehindTheProxyFromEachNode() throws Exception {
		Shell.needs("haproxy", "redis-server");
		JsonNode services = compose().path("services");
		FreePort redisPort = FreePort.find();
		List<String> redisCommand = new ArrayList<>();
		services.at("/redis/command").forEach(word -> redisCommand.add(word.asText()));
		assertThat(redisCommand.getFirst()).isEqualTo("redis-server");
		Map<String, Node> nodes = new LinkedHashMap<>();
		try (Program redis = Program.start(folder, Map.of(), with(redisCommand, "--port", Integer.toString(redisPort.number())))) {
			redisPort.awaitListening(redis);
			for (String node : NODES) {
				nodes.put(node, start(services.path(node), redisPort));
			}
			for (Node node : nodes.values()) {
				node.clients().awaitListening(node.program());
				node.operations().awaitListening(node.program()); // the proxy asks there
			}
			FreePort front = FreePort.find();
			Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), proxy(nodes, front));
			try (Program proxy = Program.start(folder, Map.of(), "haproxy", "-db", "-f", configuration.toString())) {
				front.awaitListening(proxy);
				talk(nodes, front.number());
			}
		}
		finally {
			nodes.values().forEach(node -> node.program().close());
		}
	}

	private static JsonNode compose() throws IOException {
		return new ObjectMapper().valueToTree(new Yaml().<Map<String, Object>>load(Files.readString(Path.of("examples/compose.yaml"))));
	}

	private static String[] with(List<String> command, String... more) {
		return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
	}

	private Node start(JsonNode service, FreePort redis) throws Exception {
		Map<String, String> environment = new LinkedHashMap<>();
		service.path("environment").properties()
				.forEach(one -> environment.put(one.getKey(), SECRETS.getOrDefault(one.getValue().asText(), one.getValue().asText())));
		environment.put("SPRING_DATA_REDIS_HOST", "127.0.0.1");
		environment.put("SPRING_DATA_REDIS_PORT", Integer.toString(redis.number()));
		environment.put("HAWSER_CLIENTADDRESS_TRUSTEDPROXIES", "127.0.0.1");
		FreePort clients = FreePort.find();
		FreePort operations = FreePort.find();
		environment.putAll(Map.of("SERVER_PORT", Integer.toString(clients.number()), "MANAGEMENT_SERVER_PORT",
				Integer.toString(operations.number()), "SERVER_ADDRESS", "127.0.0.1", "MANAGEMENT_SERVER_ADDRESS", "127.0.0.1"));
		return new Node(Program.start(folder, environment, Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-jar", HawserJar.JAR.toString()), clients, operations);
	}

	private static String proxy(Map<String, Node> nodes, FreePort front) throws Exception {
		String text = compose().at("/configs/proxy/content").asText().replace("bind :9501", "bind 127.0.0.1:" + front.number());
		for (Map.Entry<String, Node> node : nodes.entrySet()) {
			text = text.replace(node.getKey() + ":9501 check port 9502",
					"127.0.0.1:" + node.getValue().clients().number() + " check port " + node.getValue().operations().number());
		}
		return text;
	}

	/** Each client is at some node; a push at each node reaches all of them. */
	private void talk(Map<String, Node> nodes, int front) throws Exception {
		String token = SharedKey.of(SECRET, Duration.ZERO).sign(Map.of("sub", "ann", "aud", "hawser"), Duration.ofMinutes(10));
		try (RawClient one = client(front, token); RawClient two = client(front, token); RawClient three = client(front, token)) {
			assertThat(one.send(RawFrame.text("echo")).message().text()).isEqualTo("echo");
			for (Map.Entry<String, Node> node : nodes.entrySet()) {
				String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
				try (Program send = Program.start(folder, Map.of("HAWSER_PUSH_KEY", Objects.requireNonNull(SECRETS.get("${PUSH_KEY:?}"))),
						java, "-jar",
						HawserJar.JAR.toString(), "send", "--url", "http://127.0.0.1:" + node.getValue().operations().number(), "--all",
						"from " + node.getKey())) {
					assertThat(send.exitCode()).as(send.output()).isIn(0, 1);
				}
				for (RawClient client : List.of(one, two, three)) {
					assertThat(client.message().text()).isEqualTo("from " + node.getKey());
				}
			}
		}
	}

	/** A client, as soon as the proxy finds a node that is ready. */
	private static RawClient client(int front, String token) {
		return Awaitility.await().ignoreExceptionsInstanceOf(IOException.class)
				.until(() -> RawClient.connect(front).upgrade("/ws", "Authorization: Bearer " + token), Objects::nonNull);
	}
}
