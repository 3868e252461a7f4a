package dev.hawser.cluster;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, or to all primaries of a Redis Cluster: made at the start or as soon as that succeeds, and again whenever
 * it is lost. While there is none, a command fails at once and is never kept. A command that was sent fails after a second without an
 * answer; whether it was carried out is then unknown. Safe for any thread; results come on threads of the client, which must not be
 * blocked.
 */
final class RedisLink implements AutoCloseable {
	private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

	private final AbstractRedisClient client;
	private final String prefix;
	private final RedisConnecting connecting;
	private volatile @Nullable Connected connected;
	private volatile boolean closed;

	/** A connection and its commands. */
	private record Connected(StatefulConnection<String, byte[]> connection, RedisClusterAsyncCommands<String, byte[]> commands) {
	}

	/**
	 * @param name   of the threads that connect
	 * @param client of Lettuce, with the addresses and the options of {@link RedisOptions}
	 * @param prefix begins every key
	 */
	RedisLink(String name, AbstractRedisClient client, String prefix) {
		this.client = client;
		this.prefix = prefix;
		this.connecting = new RedisConnecting(name, this::connect);
	}

	/** Begins to connect. */
	RedisLink start() {
		connecting.start();
		return this;
	}

	private void connect() {
		Connected fresh = switch (client) {
			case RedisClusterClient cluster -> {
				cluster.refreshPartitions();
				StatefulRedisClusterConnection<String, byte[]> connection = cluster.connect(CODEC);
				yield new Connected(connection, connection.async());
			}
			case RedisClient single -> {
				StatefulRedisConnection<String, byte[]> connection = single.connect(CODEC);
				yield new Connected(connection, connection.async());
			}
			default -> throw new IllegalStateException("No client of Redis: " + client.getClass().getName());
		};
		connected = fresh;
		if (closed) {
			var _ = fresh.connection.closeAsync();
		}
	}

	/** Whether a command would be sent now. */
	boolean isUp() {
		Connected now = connected;
		return now != null && now.connection.isOpen();
	}

	/** Gives up the connection and makes another: this one is deaf, or leads to a copy that takes no writes. */
	void reconnect() {
		Connected old = connected;
		if (old != null && !closed) {
			connected = null;
			var _ = old.connection.closeAsync();
			connecting.start();
		}
	}

	/**
	 * The full name of a key. Keys of the same kind of owner share a slot of a Redis Cluster: what is in braces alone decides it.
	 *
	 * @param kind  such as {@code u}
	 * @param owner such as a node, or a hub and a user
	 */
	String key(String kind, String owner) {
		return prefix + kind + ":{" + owner + "}";
	}

	/** Sends a command. The stage fails with {@link RedisAwayException} when it was not sent. */
	<T> CompletionStage<T> send(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
		Connected now = connected;
		if (now == null || !now.connection.isOpen()) {
			return CompletableFuture.failedStage(new RedisAwayException());
		}
		return command.apply(now.commands).whenComplete((_, failure) -> {
			if (cause(failure) instanceof RedisReadOnlyException) {
				reconnect();
			}
		});
	}

	/** Runs a script, which is sent whole only to a Redis that does not know it. */
	<T> CompletionStage<T> run(Script script, String[] keys, byte[]... arguments) {
		CompletionStage<T> result = send(redis -> redis.evalsha(script.sha(), script.type(), keys, arguments));
		return result.exceptionallyCompose(failure -> cause(failure) instanceof RedisNoScriptException
				? send(redis -> redis.eval(script.text().getBytes(StandardCharsets.UTF_8), script.type(), keys, arguments))
				: CompletableFuture.failedStage(failure));
	}

	/** What has really failed. */
	static @Nullable Throwable cause(@Nullable Throwable failure) {
		return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
	}

	@Override
	public void close() {
		closed = true;
		connecting.close();
		Connected old = connected;
		if (old != null && old.connection.isOpen()) {
			var _ = old.connection.closeAsync();
		}
	}
}
