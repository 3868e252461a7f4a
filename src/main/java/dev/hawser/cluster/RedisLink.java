package dev.hawser.cluster;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.PartitionException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, or to all primaries of a Redis Cluster: made at the start or as soon as that succeeds, and again whenever
 * it is lost. While there is none, a command fails at once and is never kept. A command that was sent fails after a second without an
 * answer; whether it was carried out is then unknown. Safe for any thread; results come on threads of the client, which must not be
 * blocked.
 */
final class RedisLink implements AutoCloseable {
	static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

	/** How a process of Redis is called in what it says of itself, until it ends. */
	private static final Pattern PROCESS = Pattern.compile("(?m)^run_id:(\\w{1,64})");

	private final AbstractRedisClient client;
	private final AtomicLong generation = new AtomicLong();
	private final String prefix;
	private final RedisFailures failures;
	private final RedisConnecting connecting;
	/** Names of the scripts that have run at some time. */
	private final Set<String> scripts = ConcurrentHashMap.newKeySet();
	private volatile @Nullable Connected connected;
	private volatile boolean closed;

	/** A connection and its commands. */
	private record Connected(StatefulConnection<String, byte[]> connection, RedisClusterAsyncCommands<String, byte[]> commands) {
	}

	/**
	 * @param name     of the threads that connect
	 * @param client   of Lettuce, with the addresses and the options of {@link RedisOptions}
	 * @param prefix   begins every key
	 * @param failures is told of each command that was not carried out
	 */
	RedisLink(String name, AbstractRedisClient client, String prefix, RedisFailures failures) {
		this.client = client;
		this.prefix = prefix;
		this.failures = failures;
		this.connecting = new RedisConnecting(name, this::connect, failures);
		client.addListener(new RedisConnectionStateListener() {
			@Override
			public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress to) {
				Connected now = connected;
				if (now != null && now.connection == again) {
					generation.incrementAndGet();
				}
			}
		});
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
		try {
			RedisCheck.check(fresh.commands, failures);
		}
		catch (RuntimeException e) {
			var _ = fresh.connection.closeAsync();
			throw e;
		}
		generation.incrementAndGet();
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

	/** As {@link Redis#generation}. Of a Redis Cluster the connection to one of its primaries may be another without a word. */
	long generation() {
		return generation.get();
	}

	/**
	 * Asks which processes serve the slots of a Redis Cluster. Asks nothing of a single Redis, whose scripts know it.
	 *
	 * @return completes when each has answered, or has not; never fails
	 */
	CompletionStage<Void> processes(Consumer<String> told) {
		Connected now = connected;
		if (now == null || !(now.connection instanceof StatefulRedisClusterConnection<String, byte[]> cluster)) {
			return CompletableFuture.completedStage(null);
		}
		try {
			return CompletableFuture.allOf(Arrays.stream(cluster.async().upstream().commands().info("server").futures())
					.map(answer -> answer.thenAccept(said -> PROCESS.matcher(said).results().forEach(found -> told.accept(found.group(1))))
							.exceptionally(_ -> null)) // it is asked again soon
					.toArray(CompletableFuture<?>[]::new));
		}
		catch (RedisException e) { // no primary is known
			return CompletableFuture.completedStage(null);
		}
	}

	/** Gives up the connection and makes another: this one is deaf, or leads to a copy that takes no writes. */
	void reconnect() {
		Connected old = connected;
		if (old != null) {
			reconnect(old);
		}
	}

	private void reconnect(Connected old) {
		if (connected == old && !closed) { // else another one was made already
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

	/** What every key begins with. */
	String prefix() {
		return prefix;
	}

	/** Sends a command. The stage fails as {@link Redis} promises it. */
	<T> CompletionStage<T> send(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
		return told(sent(command));
	}

	/**
	 * A command for {@link #sendTogether}.
	 *
	 * @param arguments adds its arguments, with a key first
	 */
	<T> AsyncCommand<String, byte[], T> command(CommandType type,
			Function<RedisCodec<String, byte[]>, CommandOutput<String, byte[], T>> output,
			UnaryOperator<CommandArgs<String, byte[]>> arguments) {
		return new AsyncCommand<>(new Command<>(type, output.apply(CODEC), arguments.apply(new CommandArgs<>(CODEC))));
	}

	/** Sends commands with one write to the socket. The stages are in the order of the commands, and fail as those of {@link #send}. */
	<T> List<CompletionStage<T>> sendTogether(List<AsyncCommand<String, byte[], T>> commands) {
		Connected now = connected;
		if (now == null || !now.connection.isOpen()) {
			commands.forEach(command -> command.completeExceptionally(new RedisAwayException()));
			return commands.stream().map(this::told).toList();
		}
		try {
			var _ = now.connection.dispatch(commands);
		}
		catch (RedisException e) { // of a Redis Cluster: no primary has the slot
			commands.forEach(command -> command.completeExceptionally(e));
		}
		return commands.stream().map(command -> told(watched(now, command))).toList();
	}

	private <T> CompletionStage<T> sent(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
		Connected now = connected;
		if (now == null || !now.connection.isOpen()) {
			return CompletableFuture.failedStage(new RedisAwayException());
		}
		CompletionStage<T> answer;
		try {
			answer = command.apply(now.commands);
		}
		catch (RedisException e) { // of a Redis Cluster: no primary has the slot
			return CompletableFuture.failedStage(e);
		}
		return watched(now, answer);
	}

	private <T> CompletionStage<T> watched(Connected now, CompletionStage<T> answer) {
		return answer.whenComplete((_, failure) -> {
			if (failure != null && RedisFailure.of(failure) == RedisFailure.READONLY) {
				reconnect(now);
			}
		});
	}

	/** As {@link #send}, for a script, which is sent whole only to a Redis that does not know it. */
	<T> CompletionStage<T> run(Script script, String[] keys, byte[]... arguments) {
		CompletionStage<T> result = sent(redis -> redis.evalsha(script.sha(), script.type(), keys, arguments));
		return told(result.exceptionallyCompose(failure -> {
			if (!(cause(failure) instanceof RedisNoScriptException)) {
				return CompletableFuture.failedStage(failure);
			}
			if (scripts.contains(script.sha())) {
				failures.happened(failure);
			}
			return sent(redis -> redis.eval(script.text().getBytes(StandardCharsets.UTF_8), script.type(), keys, arguments));
		}).thenApply(answer -> {
			scripts.add(script.sha());
			return answer;
		}));
	}

	private <T> CompletionStage<T> told(CompletionStage<T> result) {
		return result.exceptionallyCompose(failure -> {
			Throwable told = asPromised(Objects.requireNonNull(cause(failure)));
			failures.happened(told);
			return CompletableFuture.failedStage(told);
		});
	}

	private static Throwable asPromised(Throwable cause) {
		return switch (cause) {
			case RedisCommandExecutionException refused -> new RedisRefusedException(String.valueOf(refused.getMessage()));
			case RedisConnectionException _,PartitionException _ -> new RedisAwayException();
			case RedisException rejected when isRejected(rejected.getMessage()) -> new RedisAwayException();
			default -> cause;
		};
	}

	/** Whether the client has not sent it, since the connection has just been lost or has too much to do. It has no type for that. */
	private static boolean isRejected(@Nullable String message) {
		return message != null && (message.startsWith("Currently not connected") || message.startsWith("Request queue size exceeded"));
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
