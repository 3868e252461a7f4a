package dev.hawser.cluster;

import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.output.KeyListOutput;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link Redis} through Lettuce: one connection for commands, and one that waits for entries of the inbox. Safe for any thread. */
final class LettuceRedis implements Redis {
	/** Most entries of an inbox, and most bytes of them. Half of it may have been read already. */
	static final int MOST_ENTRIES = 20_000;
	static final int MOST_BYTES = 64 * 1024 * 1024;
	private static final int ENTRIES_AT_ONCE = 128;
	private static final int KEYS_AT_ONCE = 500;
	/** An inbox that no node reads any more is gone after this time. */
	private static final String LONGEST_SECONDS = "3600";
	private static final String FIELD = "d";
	private static final String EPOCH = "~epoch";

	/** Names of processes to remember; after so many they are asked anew. */
	private static final int MOST_PROCESSES = 64;

	private static final Script BEAT = Script.of(ScriptOutputType.MULTI, """
			local server = redis.pcall('INFO', 'server')
			local processes = {string.match(type(server) == 'string' and server or '', 'run_id:(%w+)')}
			for i = 6, #ARGV do processes[#processes + 1] = ARGV[i] end
			local is_first = redis.call('EXISTS', KEYS[2]) == 0
			if #processes > 0 and redis.call('SADD', KEYS[2], unpack(processes)) > 0 and not is_first then
			  redis.call('HSET', KEYS[1], '~epoch', ARGV[3] .. '~')
			end
			local before = redis.call('HGET', KEYS[1], ARGV[1])
			if not before and tonumber(ARGV[4]) > 0 and redis.call('HGET', KEYS[1], '~epoch') == ARGV[5] then
			  return {'', redis.call('HGETALL', KEYS[1])}
			end
			if not before or string.sub(before, 1, 5) ~= 'dead|' then
			  local known = tonumber(string.match(before or '', '^%d+') or '0')
			  if known < tonumber(ARGV[4]) then redis.call('HSET', KEYS[1], '~epoch', ARGV[3]) end
			  if known <= tonumber(string.match(ARGV[2], '^%d+')) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
			end
			redis.call('HSETNX', KEYS[1], '~epoch', ARGV[3])
			return {before or '', redis.call('HGETALL', KEYS[1])}
			""");
	private static final Script BURY = Script.of(ScriptOutputType.INTEGER, """
			if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
			redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
			return 1
			""");
	private static final Script REMOVE = Script.of(ScriptOutputType.INTEGER, """
			if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
			return redis.call('HDEL', KEYS[1], ARGV[1])
			""");
	private static final Script APPEND = Script.of(ScriptOutputType.INTEGER, """
			local entries = redis.call('XLEN', KEYS[1])
			local bytes = tonumber(string.match(redis.call('GET', KEYS[2]) or '0', '^%d+$') or '0')
			if entries > 0 and (entries >= tonumber(ARGV[2]) or bytes + #ARGV[1] > tonumber(ARGV[3])) then return 0 end
			redis.call('SET', KEYS[2], string.format('%.0f', bytes + #ARGV[1]), 'KEEPTTL')
			redis.call('XADD', KEYS[1], '*', 'd', ARGV[1])
			if entries == 0 then
			  redis.call('EXPIRE', KEYS[1], ARGV[4])
			  redis.call('EXPIRE', KEYS[2], ARGV[4])
			end
			return 1
			""");
	private static final Script TRIM = Script.of(ScriptOutputType.INTEGER, """
			redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
			local entries = redis.call('XLEN', KEYS[1])
			if entries == 0 or redis.call('DECRBY', KEYS[2], ARGV[2]) < 0 then redis.call('SET', KEYS[2], 0) end
			redis.call('EXPIRE', KEYS[1], ARGV[3])
			redis.call('EXPIRE', KEYS[2], ARGV[3])
			return entries
			""");
	private static final Script ENTER = Script.of(ScriptOutputType.MULTI, """
			local ignored = {}
			for i = 5, #ARGV do ignored[ARGV[i]] = true end
			local sum = tonumber(ARGV[2])
			local others = {}
			local all = redis.call('HGETALL', KEYS[1])
			for i = 1, #all, 2 do
			  if all[i] ~= ARGV[1] and not ignored[all[i]] then
			    others[#others + 1] = all[i]
			    sum = sum + (tonumber(all[i + 1]) or 0)
			  end
			end
			local more = math.max(0, math.min(tonumber(ARGV[3]), tonumber(ARGV[4]) - sum))
			local now = ARGV[2] + more
			if now > 0 then redis.call('HSET', KEYS[1], ARGV[1], now) else redis.call('HDEL', KEYS[1], ARGV[1]) end
			return {more, others}
			""");

	private final RedisLink commands;
	private final RedisLink reading;
	private final String nodes;
	private final String servers;
	/** The processes of a Redis Cluster, as they have named themselves lately. */
	private final Set<String> processes = ConcurrentHashMap.newKeySet();

	LettuceRedis(RedisLink commands, RedisLink reading) {
		this.commands = commands;
		this.reading = reading;
		this.nodes = commands.key("nodes", "nodes");
		this.servers = commands.key("servers", "nodes");
	}

	@Override
	public boolean isUp() {
		return commands.isUp();
	}

	@Override
	public long generation() {
		return commands.generation();
	}

	@Override
	public void reconnect() {
		commands.reconnect();
		reading.reconnect();
	}

	@Override
	public CompletionStage<Beat> beat(String node, String record, long confirmed, String known, String epoch) {
		if (processes.size() > MOST_PROCESSES) {
			processes.clear();
		}
		CompletionStage<Void> asked = commands.processes(processes::add);
		return (processes.isEmpty() ? asked : CompletableFuture.<Void>completedStage(null))
				.thenCompose(_ -> beatOf(node, record, confirmed, known, epoch));
	}

	private CompletionStage<Beat> beatOf(String node, String record, long confirmed, String known, String epoch) {
		List<byte[]> arguments = new ArrayList<>(List.of(bytes(node), bytes(record), bytes(epoch), bytes(Long.toString(confirmed)),
				bytes(known)));
		processes.forEach(one -> arguments.add(bytes(one)));
		return commands.<List<Object>>run(BEAT, new String[] { nodes, servers }, arguments.toArray(byte[][]::new)).thenApply(answer -> {
			String before = text(answer.get(0));
			Map<String, String> table = new HashMap<>();
			List<?> all = (List<?>) answer.get(1);
			for (int i = 0; i + 1 < all.size(); i += 2) {
				table.put(text(all.get(i)), text(all.get(i + 1)));
			}
			String now = table.remove(EPOCH);
			return new Beat(before.isEmpty() ? null : before, now == null ? "" : now, table);
		});
	}

	@Override
	public CompletionStage<Boolean> bury(String node, String seen, String tombstone) {
		return isOne(commands.run(BURY, new String[] { nodes }, bytes(node), bytes(seen), bytes(tombstone)));
	}

	@Override
	public CompletionStage<Boolean> remove(String node, String seen) {
		return isOne(commands.run(REMOVE, new String[] { nodes }, bytes(node), bytes(seen)));
	}

	@Override
	public CompletionStage<Boolean> append(String node, byte[] batch) {
		return mended(isOne(commands.run(APPEND, inbox(node), batch, bytes(Integer.toString(MOST_ENTRIES)),
				bytes(Integer.toString(MOST_BYTES)), bytes(LONGEST_SECONDS))), () -> forget(node));
	}

	private static CompletionStage<Boolean> isOne(CompletionStage<Long> result) {
		return result.thenApply(number -> number == 1);
	}

	/** When another program has put something else in the place of a key of this cluster: it goes, and what was there before is written again. */
	private static <T> CompletionStage<T> mended(CompletionStage<T> result, Supplier<CompletionStage<?>> mend) {
		return result.exceptionallyCompose(failure -> {
			if (RedisFailure.of(failure) == RedisFailure.WRONGTYPE) {
				var _ = mend.get();
			}
			return CompletableFuture.failedStage(failure);
		});
	}

	/** Without an epoch, each node takes all that Redis had for lost. */
	private CompletionStage<?> lose(Place place) {
		return commands.send(redis -> redis.unlink(key(place))).thenCompose(_ -> commands.send(redis -> redis.hdel(nodes, EPOCH)));
	}

	private String[] inbox(String node) {
		return new String[] { commands.key("in", node), commands.key("size", node) };
	}

	@Override
	public CompletionStage<List<Entry>> read(String node, String after) {
		XReadArgs bounds = XReadArgs.Builder.block(RedisOptions.LONGEST_READ).count(ENTRIES_AT_ONCE);
		return mended(reading.send(redis -> read(redis, bounds, XReadArgs.StreamOffset.from(commands.key("in", node), after))),
				() -> forget(node)).thenApply(found -> found.stream().map(LettuceRedis::entry).toList());
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
		return commands.run(TRIM, inbox(node), bytes(before), bytes(Long.toString(bytes)), bytes(LONGEST_SECONDS));
	}

	@Override
	public CompletionStage<String> epoch() {
		return commands.send(redis -> redis.hget(nodes, EPOCH)).thenApply(known -> known == null ? "" : text(known));
	}

	private String key(Place place) {
		return commands.key(place.kind().key(), place.owner());
	}

	@Override
	public CompletionStage<Map<Place, List<String>>> nodesAt(Collection<Place> places) {
		List<Place> asked = places.stream().distinct().toList();
		List<CompletionStage<List<String>>> answers = commands.sendTogether(asked.stream()
				.map(place -> commands.command(CommandType.HKEYS, KeyListOutput::new, args -> args.addKey(key(place)))).toList());
		Map<Place, List<String>> found = new ConcurrentHashMap<>();
		CompletableFuture<?>[] all = new CompletableFuture<?>[asked.size()];
		for (int i = 0; i < all.length; i++) {
			Place place = asked.get(i);
			all[i] = mended(answers.get(i), () -> lose(place)).handle((nodes, _) -> nodes == null ? null : found.put(place, nodes))
					.toCompletableFuture();
		}
		return CompletableFuture.allOf(all).thenApply(_ -> found);
	}

	@Override
	public CompletionStage<Entered> enter(Place place, String node, int own, int more, int limit, Collection<String> ignored) {
		List<byte[]> arguments = new ArrayList<>(List.of(bytes(node), bytes(Integer.toString(own)), bytes(Integer.toString(more)),
				bytes(Integer.toString(limit))));
		ignored.forEach(one -> arguments.add(bytes(one)));
		return commands.<List<Object>>run(ENTER, new String[] { key(place) }, arguments.toArray(byte[][]::new))
				.thenApply(answer -> new Entered(((Long) answer.get(0)).intValue(),
						((List<?>) answer.get(1)).stream().map(LettuceRedis::text).collect(Collectors.toSet())));
	}

	@Override
	public CompletionStage<Long> put(Place place, String node, @Nullable String value) {
		return mended(value == null ? commands.send(redis -> redis.hdel(key(place), node))
				: commands.send(redis -> redis.hset(key(place), Map.of(node, bytes(value)))), () -> lose(place));
	}

	@Override
	public CompletionStage<Keys> places(@Nullable Object after) {
		ScanCursor from = after instanceof ScanCursor known ? known : ScanCursor.INITIAL;
		ScanArgs some = ScanArgs.Builder.limit(KEYS_AT_ONCE).match(commands.prefix() + Place.Kind.anyKey() + ":{*");
		return commands.send(redis -> redis.scan(from, some))
				.thenApply(page -> new Keys(page.getKeys(), page.isFinished() ? null : page));
	}

	@Override
	public CompletionStage<?> drop(Collection<String> keys, Collection<String> nodes) {
		String[] names = nodes.toArray(String[]::new);
		return CompletableFuture.allOf(keys.stream().map(key -> commands.send(redis -> redis.hdel(key, names))
				.exceptionallyCompose(LettuceRedis::noneIfRefused).toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
	}

	/** A key of another program may be no hash. */
	private static CompletionStage<Long> noneIfRefused(Throwable failure) {
		return RedisLink.cause(failure) instanceof RedisRefusedException ? CompletableFuture.completedStage(0L)
				: CompletableFuture.failedStage(failure);
	}

	@Override
	public CompletionStage<Long> forget(String node) {
		return commands.send(redis -> redis.unlink(inbox(node)));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(Object value) {
		return value instanceof byte[] known ? new String(known, StandardCharsets.UTF_8) : String.valueOf(value);
	}
}
