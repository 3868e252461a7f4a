package dev.hawser.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.FreePort;
import dev.hawser.testing.HawserJar;
import dev.hawser.testing.Program;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in docs/scaling.md that try three nodes, with a Redis and three servers of their own, on other ports. */
class DocumentedClusterIT {
	private static final Page PAGE = Page.read("docs/scaling.md");

	@TempDir
	private Path folder;

	@Test
	void reachesAClientOfAnotherNode() throws Exception {
		RedisServer.assumeIsInstalled();
		Shell.needs("bash");
		Files.createSymbolicLink(folder.resolve("hawser.jar"), HawserJar.JAR);
		FreePort redis = FreePort.find();
		String clients = prefix();
		String operations = prefix();
		String block = PAGE.block("redis-server --port").replace("6379", Integer.toString(redis.number())).replace("950", clients)
				.replace("960", operations);
		List<String> lines = block.lines().toList();
		int wscat = IntStream.range(0, lines.size()).filter(i -> lines.get(i).startsWith("npx wscat")).findFirst().orElseThrow();
		Map<String, String> variables = Map.of("SPRING_DATA_REDIS_PORT", Integer.toString(redis.number()), "JAVA_TOOL_OPTIONS",
				"-XX:TieredStopAtLevel=1", "SERVER_ADDRESS", "127.0.0.1");
		try (Program nodes = Shell.start(folder, variables, String.join("\n", lines.subList(0, wscat)) + "\nwait")) {
			int[] ports = IntStream.rangeClosed(1, 3).map(node -> Integer.parseInt(clients + node)).toArray();
			for (int port : ports) {
				new FreePort(port).awaitListening(nodes);
			}
			String address = lines.get(wscat).replaceAll(".*localhost:(\\d+).*", "$1");
			try (RawClient client = RawClient.connect(Integer.parseInt(address)).upgrade("/ws")) {
				String send = lines.getLast();
				String key = Shell.lines(block, "export ") + "\n";
				Awaitility.await().untilAsserted(() -> assertThat(Shell.run(folder, Map.of(), key + send)).isNotEmpty());
				assertThat(client.message().text()).isEqualTo("hello");
			}
		}
	}

	/** Four of five digits of three ports on which nothing listens. */
	private static String prefix() {
		while (true) {
			String prefix = Integer.toString(FreePort.find().number() / 10);
			if (IntStream.rangeClosed(1, 3).allMatch(last -> isFree(Integer.parseInt(prefix + last)))) {
				return prefix;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException e) {
			return false;
		}
	}
}
