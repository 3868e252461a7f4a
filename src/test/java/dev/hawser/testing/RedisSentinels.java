package dev.hawser.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * A primary, a copy of it, and three sentinels, which make the copy the primary when the primary has been silent for a second. Skips the
 * test as {@link RedisServer} does.
 */
public final class RedisSentinels implements AutoCloseable {
	private static final String PROGRAM = "redis-sentinel";
	private static final String NAME = "hawser";
	private static final int SENTINELS = 3;

	private final RedisServer primary;
	private final RedisServer copy;
	private final List<FreePort> ports = new ArrayList<>();
	private final List<Program> sentinels = new ArrayList<>();

	private RedisSentinels(RedisServer primary, RedisServer copy) {
		this.primary = primary;
		this.copy = copy;
	}

	/** Returns when the copy follows the primary, and the sentinels know each other. */
	public static RedisSentinels start() throws IOException, InterruptedException {
		RedisServer.assumeIsInstalled(PROGRAM);
		RedisServer primary = RedisServer.start();
		RedisSentinels all = new RedisSentinels(primary, RedisServer.start("replicaof 127.0.0.1 " + primary.port()));
		try {
			for (int i = 0; i < SENTINELS; i++) {
				all.watch();
			}
			all.awaitReady();
			return all;
		}
		catch (IOException | RuntimeException | AssertionError e) {
			all.close();
			throw e;
		}
	}

	private void watch() throws IOException {
		FreePort port = FreePort.find();
		Path folder = RedisServer.newFolder();
		Path conf = Files.write(folder.resolve("sentinel.conf"), List.of("port " + port.number(), "bind 127.0.0.1", "dir " + folder,
				"sentinel monitor " + NAME + " 127.0.0.1 " + primary.port() + " 2", "sentinel down-after-milliseconds " + NAME + " 1000",
				"sentinel failover-timeout " + NAME + " 5000"));
		ports.add(port);
		sentinels.add(Program.start(folder, Map.of(), PROGRAM, conf.toString()));
	}

	private void awaitReady() {
		Awaitility.await().until(() -> copy.cli("INFO", "replication"), info -> info.contains("master_link_status:up"));
		for (int i = 0; i < SENTINELS; i++) {
			ports.get(i).awaitListening(sentinels.get(i));
			Awaitility.await().until(() -> ask("SENTINEL", "MASTERS"), answer -> value(answer, "num-other-sentinels").equals("2")
					&& value(answer, "num-slaves").equals("1"));
		}
	}

	private String ask(String... command) throws IOException, InterruptedException {
		return RedisServer.cli(List.of("-p", Integer.toString(ports.getFirst().number())), command);
	}

	/** The line after the one with this name. */
	private static String value(String answer, String name) {
		List<String> lines = answer.lines().toList();
		int at = lines.indexOf(name);
		return at < 0 ? "" : lines.get(at + 1);
	}

	/** The primary of the beginning. */
	public RedisServer primary() {
		return primary;
	}

	/** The copy of the beginning. */
	public RedisServer copy() {
		return copy;
	}

	/** Returns when the copy has become the primary; the test has seen to it that it must. It closes all connections in that moment. */
	public void awaitFailover() {
		Awaitility.await().untilAsserted(() -> Assertions.assertThat(copy.cli("ROLE")).startsWith("master"));
	}

	/** The properties of Spring that lead to the primary of the moment. */
	public String[] properties() {
		return new String[] { "spring.data.redis.sentinel.master=" + NAME, "spring.data.redis.sentinel.nodes="
				+ String.join(",", ports.stream().map(port -> "127.0.0.1:" + port.number()).toList()) };
	}

	@Override
	public void close() {
		sentinels.forEach(Program::close);
		copy.close();
		primary.close();
	}
}
