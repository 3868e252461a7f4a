package dev.hawser.cluster;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.output.ObjectOutput;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks whether a Redis can be used, right after a connection to it was made. Blocks for as long as a command may take. */
final class RedisCheck {
	private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");
	private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:([a-z-]{1,40})");

	private RedisCheck() {
	}

	/**
	 * @throws RedisUnusableException for a Redis before 6.2, or what is no Redis
	 * @throws IllegalStateException  if it does not answer
	 */
	static void check(RedisClusterAsyncCommands<String, byte[]> redis, RedisFailures failures) {
		requireVersion(version(redis));
		String memory = answer(redis.info("memory"));
		Matcher policy = POLICY.matcher(memory == null ? "" : memory);
		if (policy.find()) {
			failures.policy(policy.group(1));
		}
	}

	/** What Redis says when it is greeted; greeting it without a number of the protocol changes nothing. */
	private static @Nullable String version(RedisClusterAsyncCommands<String, byte[]> redis) {
		Object greeting = answer(redis.dispatch(CommandType.HELLO, new ObjectOutput<>(RedisLink.CODEC)));
		List<String> words = new ArrayList<>();
		switch (greeting) {
			case Map<?, ?> fields -> fields.forEach((name, value) -> words.addAll(List.of(text(name), text(value))));
			case List<?> list -> list.forEach(one -> words.add(text(one)));
			case null, default -> {
				// it has not said it
			}
		}
		int at = words.indexOf("version");
		return at < 0 || at + 1 == words.size() ? null : words.get(at + 1);
	}

	private static String text(Object value) {
		return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
	}

	/** Null when Redis refuses to say it, as it does to a user without the right: then what it is shows later. */
	private static <T> @Nullable T answer(Future<T> future) {
		try {
			return future.get(RedisOptions.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException e) {
			if (!(e.getCause() instanceof RedisCommandExecutionException)) {
				throw new IllegalStateException("Redis does not answer", e.getCause());
			}
			requireGreeting(Objects.requireNonNullElse(e.getCause().getMessage(), ""));
			return null;
		}
		catch (TimeoutException e) {
			throw new IllegalStateException("Redis does not answer", e);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", e);
		}
	}

	private static void requireGreeting(String refusal) {
		if (refusal.startsWith("ERR unknown command")) {
			throw new RedisUnusableException("It does not know HELLO, as no Redis before 6.0 does");
		}
	}

	private static void requireVersion(@Nullable String version) {
		Matcher numbers = VERSION.matcher(version == null ? "" : version);
		if (numbers.matches() && (Integer.parseInt(numbers.group(1)) < 6
				|| (Integer.parseInt(numbers.group(1)) == 6 && Integer.parseInt(numbers.group(2)) < 2))) {
			throw new RedisUnusableException("It has version " + numbers.group());
		}
	}
}
