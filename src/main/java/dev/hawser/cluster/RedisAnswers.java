package dev.hawser.cluster;

import dev.hawser.push.SharedAnswers;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Keeps answers in Redis, each under a key of its own, which Redis forgets by itself. */
final class RedisAnswers implements SharedAnswers {
	private static final Script BEGIN = Script.of(ScriptOutputType.VALUE, """
			local known = redis.call('GET', KEYS[1])
			if known then return known end
			redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
			return false
			""");
	private static final Script REPLACE = Script.of(ScriptOutputType.INTEGER, """
			if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
			redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
			return 1
			""");
	private static final Script REMOVE = Script.of(ScriptOutputType.INTEGER, """
			if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
			return redis.call('DEL', KEYS[1])
			""");

	private final RedisLink redis;

	RedisAnswers(RedisLink redis) {
		this.redis = redis;
	}

	@Override
	public CompletionStage<Optional<byte[]>> begin(String name, byte[] entry, Duration time) {
		return redis.<byte[]>run(BEGIN, key(name), entry, millis(time)).thenApply(Optional::ofNullable);
	}

	@Override
	public CompletionStage<Long> replace(String name, byte[] entry, byte[] by, Duration time) {
		return redis.run(REPLACE, key(name), entry, by, millis(time));
	}

	@Override
	public CompletionStage<Long> remove(String name, byte[] entry) {
		return redis.run(REMOVE, key(name), entry);
	}

	private String[] key(String name) {
		return new String[] { redis.key("r", name) };
	}

	private static byte[] millis(Duration time) {
		return Long.toString(time.toMillis()).getBytes(StandardCharsets.UTF_8);
	}
}
