package dev.hawser.cluster;

import static org.awaitility.Awaitility.await;

import dev.hawser.api.Clients;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RedisServer;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;

/** Several nodes in one process, with a Redis of their own. */
public final class RunningCluster implements AutoCloseable {
	public final RedisServer redis;
	private final Class<?> callbacks;
	private final List<RunningHawser> nodes = new ArrayList<>();

	static class Callbacks {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> server.reply(frame, frame.text());
		}
	}

	/** A client of a node. */
	public record Peer(RunningHawser node, RawClient client, long fd, String id) {
	}

	private RunningCluster(RedisServer redis, Class<?> callbacks) {
		this.redis = redis;
		this.callbacks = callbacks;
	}

	/** Starts nodes that know each other. */
	public static RunningCluster start(int count, String... properties) throws Exception {
		return start(RedisServer.start(), count, properties);
	}

	/** As above, with this Redis. */
	static RunningCluster start(RedisServer redis, int count, String... properties) {
		return start(Callbacks.class, redis, count, properties);
	}

	/** As above, with these callbacks. */
	static RunningCluster start(Class<?> callbacks, RedisServer redis, int count, String... properties) {
		RunningCluster cluster = new RunningCluster(redis, callbacks);
		for (int i = 0; i < count; i++) {
			cluster.startOne("n" + i, properties);
		}
		cluster.awaitNodes(count);
		return cluster;
	}

	RunningHawser startOne(String name, String... properties) {
		List<String> all = new ArrayList<>(List.of("hawser.node=" + name, "hawser.hubs.chat.path=/chat"));
		all.addAll(List.of(redis.properties()));
		all.addAll(List.of(properties));
		RunningHawser started = RunningHawser.start(callbacks, all.toArray(String[]::new));
		nodes.add(started);
		return started;
	}

	public void awaitNodes(int count) {
		await().until(() -> nodes.stream().allMatch(node -> {
			ClusterNodes known = node.bean(Cluster.class).clusterNodes();
			return known.live().size() == count && known.mayPassOn() && known.unregistered().isEmpty();
		}));
	}

	public RunningHawser node(int index) {
		return nodes.get(index);
	}

	public Clients clients(int index) {
		return node(index).bean(Clients.class);
	}

	Nodes nodes(int index) {
		return node(index).bean(Nodes.class);
	}

	Cluster cluster(int index) {
		return node(index).bean(Cluster.class);
	}

	private static Set<Long> fds(RunningHawser node) {
		return node.bean(WebSocketServer.class).connections().boxed().collect(Collectors.toCollection(HashSet::new));
	}

	/** A client of a node, as a user if one is named. The other nodes know of it. */
	public Peer connect(int index, String path, @Nullable String user) throws Exception {
		RunningHawser node = node(index);
		WebSocketServer server = node.bean(WebSocketServer.class);
		Set<Long> before = fds(node);
		RawClient client = RawClient.connect(node.port()).upgrade(path);
		long fd = await().until(() -> fds(node).stream().filter(one -> !before.contains(one)).findFirst().orElse(-1L), one -> one > 0);
		if (user != null) {
			server.bind(fd, user);
		}
		settled();
		return new Peer(node, client, fd, server.connectionInfo(fd).orElseThrow().connectionId());
	}

	/** Waits until Redis knows of all users and groups. */
	public void settled() {
		await().until(() -> nodes.stream().allMatch(node -> node.bean(Cluster.class).registrations().waiting() == 0));
	}

	public static <T> T now(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		nodes.forEach(RunningHawser::close);
		redis.close();
	}
}
