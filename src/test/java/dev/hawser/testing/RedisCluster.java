package dev.hawser.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
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

	/** The properties of Spring that lead to the cluster. */
	public String[] properties() {
		return new String[] { "spring.data.redis.cluster.nodes=" + String.join(",", addresses()) };
	}

	/** What {@code redis-cli} answers, from the primary that has the key. */
	public String cli(String... command) throws IOException, InterruptedException {
		return RedisServer.cli(List.of("-c", "-p", Integer.toString(primaries.getFirst().port())), command);
	}

	/**
	 * Moves the slot of a key, with all that is in it, to another primary, as {@code redis-cli --cluster reshard} does: key by key, while
	 * both primaries send callers from one to the other.
	 */
	public void move(String key) throws IOException, InterruptedException {
		String slot = primaries.getFirst().cli("CLUSTER", "KEYSLOT", key);
		int from = owner(Integer.parseInt(slot));
		RedisServer source = primaries.get(from);
		RedisServer target = primaries.get((from + 1) % PRIMARIES);
		String targetId = target.cli("CLUSTER", "MYID");
		target.cli("CLUSTER", "SETSLOT", slot, "IMPORTING", source.cli("CLUSTER", "MYID"));
		source.cli("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
		for (String one : source.cli("CLUSTER", "GETKEYSINSLOT", slot, "1000").lines().filter(line -> !line.isBlank()).toList()) {
			source.cli("MIGRATE", "127.0.0.1", Integer.toString(target.port()), one, "0", "5000");
		}
		target.cli("CLUSTER", "SETSLOT", slot, "NODE", targetId);
		for (RedisServer primary : primaries) {
			primary.cli("CLUSTER", "SETSLOT", slot, "NODE", targetId);
		}
	}

	/** The primary that has a key. */
	public RedisServer primaryOf(String key) {
		try {
			return primaries.get(owner(Integer.parseInt(primaries.getFirst().cli("CLUSTER", "KEYSLOT", key))));
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(e);
		}
	}

	/** The primary that serves a slot. */
	private int owner(int slot) throws IOException, InterruptedException {
		for (int i = 0; i < PRIMARIES; i++) {
			for (String line : primaries.get(i).cli("CLUSTER", "NODES").lines().filter(each -> each.contains("myself")).toList()) {
				boolean serves = Arrays.stream(line.split(" ")).skip(8).filter(range -> !range.startsWith("["))
						.map(range -> range.split("-"))
						.anyMatch(range -> Integer.parseInt(range[0]) <= slot && slot <= Integer.parseInt(range[range.length - 1]));
				if (serves) {
					return i;
				}
			}
		}
		throw new AssertionError("No primary serves slot " + slot);
	}

	@Override
	public void close() {
		primaries.forEach(RedisServer::close);
	}
}
