package dev.hawser.cluster;

import static dev.hawser.cluster.RunningCluster.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.api.BindResult;
import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Frame;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Whether Redis lets a node in: TLS, users, versions, and what is no Redis. A node that is not let in serves its own clients, and says why. */
@ReadsLog
class RedisDoorTests {

	private static RunningHawser node(RedisServer redis, String... more) {
		return node(redis.port(), more);
	}

	private static RunningHawser node(int port, String... more) {
		List<String> properties = new ArrayList<>(List.of("spring.data.redis.host=localhost", "spring.data.redis.port=" + port));
		properties.addAll(List.of(more));
		return RunningHawser.start(NoCallbacks.class, properties.toArray(String[]::new));
	}

	private static void awaitIn(RunningHawser node) {
		await().until(() -> node.bean(Cluster.class).clusterNodes().mayPassOn());
	}

	/** It serves its own clients, is ready, and says once why it does no more. */
	private static void staysOut(RunningHawser node, RedisFailure why, CapturedOutput log) throws Exception {
		await().until(() -> count(node, why) > 2);
		assertThat(node.bean(Cluster.class).clusterNodes().isUp()).isFalse();
		try (RawClient client = node.connect().awaitOpen()) {
			assertThat(now(node.bean(Clients.class).send(Target.hub("default"), Frame.text("here"))))
					.isEqualTo(new Delivery.Unreached(1, Delivery.Unreached.Reason.AWAY));
			assertThat(client.message().text()).isEqualTo("here");
		}
		try (RawClient probe = RawClient.connect(node.operationsPort())) {
			assertThat(probe.request("GET /actuator/health/readiness HTTP/1.1", "Host: localhost", "Connection: close").response().status())
					.isEqualTo(200);
		}
		assertThat(log.getOut().split("Redis cannot be reached[^\\n]*" + Pattern.quote(why.sentence()), -1)).as("said once").hasSize(2);
	}

	private static double count(RunningHawser node, RedisFailure why) {
		Counter counter = node.bean(MeterRegistry.class).find(ClusterMeters.FAILED).tag("why", why.word()).counter();
		return counter == null ? 0 : counter.count();
	}

	private static String[] bundle(Path authority) {
		return new String[] { "spring.data.redis.ssl.bundle=redis",
				"spring.ssl.bundle.pem.redis.truststore.certificate=file:" + authority };
	}

	@Test
	void speaksTlsWithTheBundleOfTheConfiguration() throws Exception {
		CertificateChain chain = CertificateChain.make();
		try (RedisServer redis = RedisServer.startWithTls(chain); RunningHawser node = node(redis, bundle(chain.rootPem()))) {
			awaitIn(node);
			assertThat(redis.cli("HKEYS", "hawser:nodes:{nodes}")).contains(node.bean(Nodes.class).self());
		}
	}

	@Test
	void doesNotTrustACertificateOfAnotherAuthority(@TempDir Path folder, CapturedOutput log) throws Exception {
		Path other = Files.writeString(folder.resolve("other.pem"), CertificateChain.make().issue("CN=localhost").chainPem());
		try (RedisServer redis = RedisServer.startWithTls(CertificateChain.make());
				RunningHawser node = node(redis, bundle(leaf(other)))) {
			staysOut(node, RedisFailure.CERTIFICATE, log);
			assertThat(redis.cli("DBSIZE")).isEqualTo("0");
		}
	}

	/** The first certificate of the file alone, which has signed no other. */
	private static Path leaf(Path chain) throws IOException {
		String end = "-----END CERTIFICATE-----";
		String text = Files.readString(chain);
		return Files.writeString(chain.resolveSibling("leaf.pem"), text.substring(0, text.indexOf(end) + end.length()) + "\n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "spring.data.redis.password=wrong | WRONGPASS", "hawser.cluster.prefix=hawser: | NOAUTH" })
	void saysThatThePasswordIsWrongOrMissing(String property, RedisFailure why, CapturedOutput log) throws Exception {
		try (RedisServer redis = RedisServer.start("requirepass right"); RunningHawser node = node(redis, property)) {
			staysOut(node, why, log);
			assertThat(log.getOut()).doesNotContain("wrong\n");
			redis.cli("-a", "right", "--no-auth-warning", "CONFIG", "SET", "requirepass", why == RedisFailure.NOAUTH ? "" : "wrong");
			awaitIn(node);
		}
	}

	@Test
	void saysThatThePasswordHasBeenChangedAndComesBackWithTheOldOne(CapturedOutput log) throws Exception {
		try (RedisServer redis = RedisServer.start("user hawser on >first ~hawser:* +@all");
				RunningHawser node = node(redis, "spring.data.redis.username=hawser", "spring.data.redis.password=first")) {
			awaitIn(node);
			redis.cli("ACL", "SETUSER", "hawser", "resetpass", ">second");
			redis.cli("CLIENT", "KILL", "USER", "hawser");
			await().until(() -> count(node, RedisFailure.WRONGPASS) > 3 && !node.bean(Cluster.class).clusterNodes().isUp());
			assertThat(log.getOut().split("WRONGPASS", -1)).as("said once, however often it is tried").hasSize(2);
			redis.cli("ACL", "SETUSER", "hawser", ">first");
			awaitIn(node);
		}
	}

	@Test
	void saysThatASingleRedisIsPartOfARedisCluster(CapturedOutput log) throws Exception {
		try (RedisServer redis = RedisServer.start("cluster-enabled yes", "cluster-config-file nodes.conf");
				RunningHawser node = node(redis)) {
			await().until(() -> count(node, RedisFailure.CLUSTERDOWN) > 2);
			assertThat(log).contains(RedisFailure.CLUSTERDOWN.sentence());
		}
	}

	@ParameterizedTest
	@CsvSource({ "allkeys-lru, true", "volatile-ttl, true", "noeviction, false" })
	void warnsOfARedisThatThrowsDataAway(String policy, boolean warns, CapturedOutput log) throws Exception {
		try (RedisServer redis = RedisServer.start("maxmemory 100mb", "maxmemory-policy " + policy); RunningHawser node = node(redis)) {
			awaitIn(node);
			assertThat(log.getOut().split("maxmemory-policy " + policy + "\\)", -1)).hasSize(warns ? 2 : 1);
		}
	}

	/** Answers as a Redis of a version would, or as something else does. */
	private static ServerSocket answering(String hello, String otherwise) throws IOException {
		ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread.startVirtualThread(() -> {
			try {
				while (true) {
					Socket client = listener.accept();
					Thread.startVirtualThread(() -> answer(client, hello, otherwise));
				}
			}
			catch (IOException e) {
				// the test is over
			}
		});
		return listener;
	}

	private static void answer(Socket client, String hello, String otherwise) {
		byte[] some = new byte[8192];
		try (client) {
			InputStream in = client.getInputStream();
			for (int count = in.read(some); count > 0; count = in.read(some)) {
				String asked = new String(some, 0, count, StandardCharsets.ISO_8859_1);
				int commands = Math.max(1, asked.split("(?=\\*\\d+\r\n\\$)", -1).length);
				String answer = (asked.contains("HELLO") ? hello : otherwise).repeat(asked.contains("HELLO") ? 1 : commands);
				client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
			}
		}
		catch (IOException e) {
			// the node has hung up
		}
	}

	private static String greeting(String version) {
		return "*4\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$" + version.length() + "\r\n" + version + "\r\n";
	}

	@ParameterizedTest
	@CsvSource({ "5.0.14", "6.0.16", "3.2" })
	void refusesARedisBeforeSixTwo(String version, CapturedOutput log) throws Exception {
		try (ServerSocket old = answering(greeting(version), "+OK\r\n"); RunningHawser node = node(old.getLocalPort())) {
			staysOut(node, RedisFailure.UNUSABLE, log);
			assertThat(log).contains("It has version " + version);
		}
	}

	@Test
	void refusesARedisThatDoesNotKnowTheGreeting(CapturedOutput log) throws Exception {
		try (ServerSocket old = answering("-ERR unknown command `HELLO`, with args beginning with: `3`\r\n", "+PONG\r\n");
				RunningHawser node = node(old.getLocalPort())) {
			staysOut(node, RedisFailure.UNUSABLE, log);
		}
	}

	@ParameterizedTest
	@CsvSource({ "HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.2" })
	void saysThatWhatAnswersIsNoRedis(String line, CapturedOutput log) throws Exception {
		try (ServerSocket other = answering(line + "\r\n\r\n", line + "\r\n\r\n"); RunningHawser node = node(other.getLocalPort())) {
			staysOut(node, RedisFailure.UNUSABLE, log);
		}
	}

	@Test
	void joinsARedisThatStartsLater() throws Exception {
		try (RedisServer redis = RedisServer.start()) {
			redis.kill();
			try (RunningHawser node = node(redis)) {
				assertThat(node.bean(Cluster.class).clusterNodes().isUp()).isFalse();
				redis.startAgain();
				awaitIn(node);
			}
		}
	}

	@Test
	void keepsTwoClustersOnOneRedisApart() throws Exception {
		try (RedisServer redis = RedisServer.start();
				RunningHawser blue = node(redis, "hawser.node=same", "hawser.cluster.prefix=hawser:blue:");
				RunningHawser green = node(redis, "hawser.node=same", "hawser.cluster.prefix=hawser:green:");
				RawClient client = green.connect()) {
			awaitIn(blue);
			awaitIn(green);
			await().until(() -> green.bean(WebSocketServer.class).bind(1, "ann") == BindResult.BOUND);
			await().until(() -> redis.cli("EXISTS", "hawser:green:u:{default/ann}"), "1"::equals);
			assertThat(blue.bean(Nodes.class).live()).hasSize(1);
			for (Target target : List.of(Target.user("ann"), Target.hub("default"))) {
				assertThat(now(blue.bean(Clients.class).send(target, Frame.text("blue")))).isEqualTo(Delivery.NOBODY);
			}
			assertThat(now(green.bean(Clients.class).send(Target.user("ann"), Frame.text("green")))).isEqualTo(new Delivery.Delivered(1));
			assertThat(client.message().text()).isEqualTo("green");
			assertThat(redis.cli("KEYS", "*").lines()).allMatch(key -> key.startsWith("hawser:blue:") || key.startsWith("hawser:green:"));
		}
	}
}
