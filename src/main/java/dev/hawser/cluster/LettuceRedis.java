package dev.hawser.cluster;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link Redis} through Lettuce: one connection for commands, and one that waits for entries of the inbox. Safe for any thread. */
final class LettuceRedis implements Redis {
	/** Most entries of an inbox, and most bytes of them. Half of it may have been read already. */
	static final int MOST_ENTRIES = 20_000;
	static final int MOST_BYTES = 64 * 1024 * 1024;
	private static final int ENTRIES_AT_ONCE = 128;
	/** An inbox that no node reads any more is gone after this time. */
	private static final String LONGEST_SECONDS = "3600";
	private static final String FIELD = "d";
	private static final String EPOCH = "~epoch";

	private static final Script BEAT = Script.of("beat", ScriptOutputType.MULTI, """
			local before = redis.call('HGET', KEYS[1], ARGV[1])
			if not before or string.sub(before, 1, 5) ~= 'dead|' then
			  local known = tonumber(string.match(before or '', '^%d+') or '0')
			  if known < tonumber(ARGV[4]) then redis.call('HSET', KEYS[1], '~epoch', ARGV[3]) end
			  if known <= tonumber(string.match(ARGV[2], '^%d+')) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
			end
			redis.call('HSETNX', KEYS[1], '~epoch', ARGV[3])
			return {before or '', redis.call('HGETALL', KEYS[1])}
			""");
	private static final Script BURY = Script.of("bury", ScriptOutputType.INTEGER, """
			if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
			redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
			return 1
			""");
	private static final Script REMOVE = Script.of("remove", ScriptOutputType.INTEGER, """
			if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
			return redis.call('HDEL', KEYS[1], ARGV[1])
			""");
	private static final Script APPEND = Script.of("append", ScriptOutputType.INTEGER, """
			local entries = redis.call('XLEN', KEYS[1])
			local bytes = tonumber(redis.call('GET', KEYS[2]) or '0')
			if entries > 0 and (entries >= tonumber(ARGV[2]) or bytes + #ARGV[1] > tonumber(ARGV[3])) then return 0 end
			redis.call('XADD', KEYS[1], '*', 'd', ARGV[1])
			redis.call('INCRBY', KEYS[2], #ARGV[1])
			if entries == 0 then
			  redis.call('EXPIRE', KEYS[1], ARGV[4])
			  redis.call('EXPIRE', KEYS[2], ARGV[4])
			end
			return 1
			""");
	private static final Script TRIM = Script.of("trim", ScriptOutputType.INTEGER, """
			redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
			local entries = redis.call('XLEN', KEYS[1])
			if entries == 0 or redis.call('DECRBY', KEYS[2], ARGV[2]) < 0 then redis.call('SET', KEYS[2], 0) end
			redis.call('EXPIRE', KEYS[1], ARGV[3])
			redis.call('EXPIRE', KEYS[2], ARGV[3])
			return entries
			""");

	private final RedisLink commands;
	private final RedisLink reading;
	private final String nodes;

	LettuceRedis(RedisLink commands, RedisLink reading) {
		this.commands = commands;
		this.reading = reading;
		this.nodes = commands.key("nodes", "nodes");
	}

	@Override
	public boolean isUp() {
		return commands.isUp();
	}

	@Override
	public void reconnect() {
		commands.reconnect();
		reading.reconnect();
	}

	/** As {@link Redis} promises it. */
	static <T> CompletionStage<T> told(CompletionStage<T> result) {
		return result.exceptionallyCompose(failure -> {
			Throwable cause = Objects.requireNonNull(RedisLink.cause(failure));
			return CompletableFuture.failedStage(cause instanceof RedisCommandExecutionException
					? new RedisRefusedException(String.valueOf(cause.getMessage()))
					: cause);
		});
	}

	@Override
	public CompletionStage<Beat> beat(String node, String record, long confirmed, String epoch) {
		return told(commands.<List<Object>>run(BEAT, new String[] { nodes }, bytes(node), bytes(record), bytes(epoch),
				bytes(Long.toString(confirmed)))).thenApply(answer -> {
					String before = text(answer.get(0));
					Map<String, String> table = new HashMap<>();
					List<?> all = (List<?>) answer.get(1);
					for (int i = 0; i + 1 < all.size(); i += 2) {
						table.put(text(all.get(i)), text(all.get(i + 1)));
					}
					String known = table.remove(EPOCH);
					return new Beat(before.isEmpty() ? null : before, known == null ? "" : known, table);
				});
	}

	@Override
	public CompletionStage<Boolean> bury(String node, String seen, String tombstone) {
		return isOne(told(commands.run(BURY, new String[] { nodes }, bytes(node), bytes(seen), bytes(tombstone))));
	}

	@Override
	public CompletionStage<Boolean> remove(String node, String seen) {
		return isOne(told(commands.run(REMOVE, new String[] { nodes }, bytes(node), bytes(seen))));
	}

	@Override
	public CompletionStage<Boolean> append(String node, byte[] batch) {
		return isOne(told(commands.run(APPEND, inbox(node), batch, bytes(Integer.toString(MOST_ENTRIES)),
				bytes(Integer.toString(MOST_BYTES)), bytes(LONGEST_SECONDS))));
	}

	private static CompletionStage<Boolean> isOne(CompletionStage<Long> result) {
		return result.thenApply(number -> number == 1);
	}

	private String[] inbox(String node) {
		return new String[] { commands.key("in", node), commands.key("size", node) };
	}

	@Override
	public CompletionStage<List<Entry>> read(String node, String after) {
		XReadArgs bounds = XReadArgs.Builder.block(RedisOptions.LONGEST_READ).count(ENTRIES_AT_ONCE);
		return told(reading.send(redis -> read(redis, bounds, XReadArgs.StreamOffset.from(commands.key("in", node), after))))
				.thenApply(found -> found.stream().map(LettuceRedis::entry).toList());
	}

	/** Lettuce takes several streams, as an array of a generic type. */
	@SuppressWarnings("unchecked")
	private static CompletionStage<List<StreamMessage<String, byte[]>>> read(RedisClusterAsyncCommands<String, byte[]> redis,
			XReadArgs bounds,
			XReadArgs.StreamOffset<String> from) {
		return redis.xread(bounds, from);
	}

	private static Entry entry(StreamMessage<String, byte[]> message) {
		Map<String, byte[]> body = message.getBody();
		return new Entry(message.getId(), body == null ? null : body.get(FIELD));
	}

	@Override
	public CompletionStage<Long> trim(String node, String before, long bytes) {
		return told(commands.run(TRIM, inbox(node), bytes(before), bytes(Long.toString(bytes)), bytes(LONGEST_SECONDS)));
	}

	private String key(Place place) {
		return commands.key(place.kind().key(), place.owner());
	}

	@Override
	public CompletionStage<Map<String, String>> nodesAt(Place place) {
		return told(commands.send(redis -> redis.hgetall(key(place)))).thenApply(
				all -> all.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, one -> text(one.getValue()))));
	}

	@Override
	public CompletionStage<Long> put(Place place, String node, @Nullable String value) {
		return value == null ? told(commands.send(redis -> redis.hdel(key(place), node)))
				: told(commands.send(redis -> redis.hset(key(place), Map.of(node, bytes(value)))));
	}

	@Override
	public CompletionStage<Long> forget(String node) {
		return told(commands.send(redis -> redis.unlink(inbox(node))));
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(Object value) {
		return value instanceof byte[] known ? new String(known, StandardCharsets.UTF_8) : String.valueOf(value);
	}
}
