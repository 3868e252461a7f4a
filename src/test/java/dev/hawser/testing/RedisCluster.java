package dev.hawser.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Three primaries that share the slots of a Redis Cluster. Skips the test as {@link RedisServer} does. */
public final class RedisCluster implements AutoCloseable {
	private static final int PRIMARIES = 3;

	private final List<RedisServer> primaries = new ArrayList<>();

	private RedisCluster() {
	}

	/** Returns when all slots are served. */
	public static RedisCluster start() throws IOException, InterruptedException {
		RedisCluster cluster = new RedisCluster();
		try {
			for (int i = 0; i < PRIMARIES; i++) {
				cluster.primaries.add(RedisServer.start("cluster-enabled yes", "cluster-config-file nodes.conf",
						"cluster-node-timeout 2000", "cluster-port " + FreePort.find().number()));
			}
			cluster.join();
			return cluster;
		}
		catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
			cluster.close();
			throw e;
		}
	}

	private void join() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("create"));
		command.addAll(addresses());
		command.addAll(List.of("--cluster-yes", "--cluster-replicas", "0"));
		RedisServer.cli(List.of("--cluster"), command.toArray(String[]::new));
		for (RedisServer primary : primaries) {
			Awaitility.await().until(() -> primary.cli("CLUSTER", "INFO"), info -> info.contains("cluster_state:ok"));
		}
	}

	private List<String> addresses() {
		return primaries.stream().map(each -> "127.0.0.1:" + each.port()).toList();
	}

	/** The primaries, in the order of their slots. */
	public List<RedisServer> primaries() {
		return primaries;
	}

	/** The properties of Spring that lead to the cluster. */
	public String[] properties() {
		return new String[] { "spring.data.redis.cluster.nodes=" + String.join(",", addresses()) };
	}

	/** What {@code redis-cli} answers, from whichever primary has the key. */
	public String cli(String... command) throws IOException, InterruptedException {
		return RedisServer.cli(List.of("-c", "-p", Integer.toString(primaries.getFirst().port())), command);
	}

	@Override
	public void close() {
		primaries.forEach(RedisServer::close);
	}
}
