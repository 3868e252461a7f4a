package dev.hawser.cluster;

import dev.hawser.webhook.SharedLetters;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the dead letters of all nodes in Redis: a hash with {@code hub, name and letter} by id and the name of each, their ids in their
 * order, and a hash of sums: letters by hub, {@code #} for the bytes, {@code !} for the highest id.
 */
final class RedisLetters implements SharedLetters {
	private static final String BYTES = "#";
	private static final String HIGHEST = "!";
	/** A function for the other scripts: removes a letter, and returns its hub. */
	private static final String DROP = """
			local function drop(id)
			  local value = redis.call('HGET', KEYS[1], id)
			  redis.call('ZREM', KEYS[2], id)
			  if not value then return false end
			  local hub, name = string.match(value, '^([^\\n]*)\\n([^\\n]*)\\n')
			  redis.call('HDEL', KEYS[1], id, name)
			  redis.call('HINCRBY', KEYS[3], '#', -#value)
			  if redis.call('HINCRBY', KEYS[3], hub, -1) <= 0 then redis.call('HDEL', KEYS[3], hub) end
			  return hub
			end
			""";
	/** ARGV: most bytes, then name, hub, time and letter of each. */
	private static final Script ADD = Script.of(ScriptOutputType.MULTI, DROP + """
			local lost = {}
			local largest = tonumber(ARGV[1])
			for i = 2, #ARGV, 4 do
			  local value = ARGV[i + 1] .. '\\n' .. ARGV[i] .. '\\n' .. ARGV[i + 3]
			  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then
			    local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
			    while oldest and tonumber(redis.call('HGET', KEYS[3], '#') or '0') + #value > largest do
			      local hub = drop(oldest)
			      if hub then lost[#lost + 1] = hub end
			      oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
			    end
			    local next = tonumber(redis.call('HGET', KEYS[3], '!') or '0') + 1
			    local id = string.format('%.0f', math.max(next, tonumber(ARGV[i + 2])))
			    redis.call('HSET', KEYS[1], id, value, ARGV[i], id)
			    redis.call('ZADD', KEYS[2], id, id)
			    redis.call('HSET', KEYS[3], '!', id)
			    redis.call('HINCRBY', KEYS[3], '#', #value)
			    redis.call('HINCRBY', KEYS[3], ARGV[i + 1], 1)
			  end
			end
			return lost
			""");
	private static final Script REMOVE = Script.of(ScriptOutputType.INTEGER, DROP + """
			if drop(ARGV[1]) then return 1 end
			return 0
			""");
	private static final Script REPLACE = Script.of(ScriptOutputType.INTEGER, """
			local value = redis.call('HGET', KEYS[1], ARGV[1])
			local head, letter = string.match(value or '', '^([^\\n]*\\n[^\\n]*\\n)(.*)$')
			if letter ~= ARGV[2] then return 0 end
			redis.call('HSET', KEYS[1], ARGV[1], head .. ARGV[3])
			redis.call('HINCRBY', KEYS[3], '#', #ARGV[3] - #letter)
			return 1
			""");
	private static final Script LIST = Script.of(ScriptOutputType.MULTI, """
			local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])
			local found = {}
			for _, id in ipairs(ids) do
			  local value = redis.call('HGET', KEYS[1], id)
			  if value then
			    found[#found + 1] = id
			    found[#found + 1] = value
			  end
			end
			return found
			""");

	private final RedisLink redis;
	private final String[] keys;

	RedisLetters(RedisLink redis) {
		this.redis = redis;
		this.keys = new String[] { redis.key("dead", "letters"), redis.key("order", "letters"), redis.key("sums", "letters") };
	}

	@Override
	public CompletionStage<List<String>> add(List<Fresh> letters, long largest) {
		List<byte[]> arguments = new ArrayList<>(List.of(bytes(largest)));
		for (Fresh one : letters) {
			arguments.addAll(List.of(bytes(one.name()), bytes(one.hub()), bytes(one.since()), one.letter()));
		}
		return redis.<List<Object>>run(ADD, keys, arguments.toArray(byte[][]::new))
				.thenApply(lost -> lost.stream().map(RedisLetters::text).toList());
	}

	@Override
	public CompletionStage<Boolean> remove(long id) {
		return redis.<Long>run(REMOVE, keys, bytes(id)).thenApply(done -> done == 1);
	}

	@Override
	public CompletionStage<Long> replace(long id, byte[] before, byte[] letter) {
		return redis.run(REPLACE, keys, bytes(id), before, letter);
	}

	@Override
	public CompletionStage<Optional<byte[]>> get(long id) {
		return redis.send(commands -> commands.hget(keys[0], Long.toString(id)))
				.thenApply(value -> Optional.ofNullable(value).map(RedisLetters::letter));
	}

	@Override
	public CompletionStage<List<Known>> list(long after, int most) {
		return redis.<List<Object>>run(LIST, keys, bytes(after), bytes(most)).thenApply(found -> {
			List<Known> page = new ArrayList<>();
			for (int i = 0; i + 1 < found.size(); i += 2) {
				page.add(new Known(Long.parseLong(text(found.get(i))), letter((byte[]) found.get(i + 1))));
			}
			return page;
		});
	}

	@Override
	public CompletionStage<Sums> sums() {
		return redis.send(commands -> commands.hgetall(keys[2])).thenApply(all -> {
			Map<String, Integer> byHub = new HashMap<>();
			all.forEach((hub, count) -> byHub.put(hub, (int) Math.min(Integer.MAX_VALUE, number(count))));
			byHub.remove(BYTES);
			byHub.remove(HIGHEST);
			return new Sums(byHub, number(all.get(BYTES)), number(all.get(HIGHEST)));
		});
	}

	private static long number(byte @Nullable [] value) {
		return value == null ? 0 : Long.parseLong(text(value));
	}

	/** What follows hub and name. */
	private static byte[] letter(byte[] value) {
		int begin = 0;
		for (int line = 0; line < 2; line++) {
			while (begin < value.length && value[begin] != '\n') {
				begin++;
			}
			begin = Math.min(value.length, begin + 1);
		}
		return Arrays.copyOfRange(value, begin, value.length);
	}

	private static byte[] bytes(long number) {
		return bytes(Long.toString(number));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(Object value) {
		return value instanceof byte[] known ? new String(known, StandardCharsets.UTF_8) : String.valueOf(value);
	}
}
