package dev.hawser.cluster;

import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link OwedRedis} over a connection. */
final class OwedCommands implements OwedRedis {
	private static final int PAGE = 500;
	private static final String NUMBER = "#";
	private static final String MARK = "!";

	private final RedisLink redis;

	OwedCommands(RedisLink redis) {
		this.redis = redis;
	}

	private String key(String home) {
		return redis.key("c", home);
	}

	private String homesKey() {
		return redis.key("owed", "nodes");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private <T> CompletionStage<T> run(Script script, String home, List<byte[]> arguments) {
		return redis.run(script, new String[] { key(home) }, arguments.toArray(byte[][]::new));
	}

	@Override
	public CompletionStage<Optional<OwedMark>> keep(String home, OwedBatch batch) {
		return run(OwedScripts.KEEP, home, changes(batch, Long.toString(batch.confirmed()))).thenApply(OwedCommands::mark);
	}

	@Override
	public CompletionStage<Optional<OwedMark>> keepAsHeir(String home, String heir, OwedBatch batch) {
		return run(OwedScripts.KEEP_AS_HEIR, home, changes(batch, heir)).thenApply(OwedCommands::mark);
	}

	/** @param own the argument that the script alone has */
	private static List<byte[]> changes(OwedBatch batch, String own) {
		List<byte[]> arguments = new ArrayList<>(3 + batch.removes().size() + 2 * batch.puts().size());
		arguments.add(bytes(Long.toString(batch.number())));
		arguments.add(bytes(own));
		arguments.add(bytes(Integer.toString(batch.removes().size())));
		batch.removes().forEach(record -> arguments.add(bytes(record.name)));
		batch.contents().forEach((name, content) -> {
			arguments.add(bytes(name));
			arguments.add(content);
		});
		return arguments;
	}

	private static Optional<OwedMark> mark(@Nullable Object field) {
		return field instanceof byte[] bytes ? Optional.of(OwedMark.of(bytes)) : Optional.empty();
	}

	@Override
	public CompletionStage<OwedMark> seal(String home) {
		return run(OwedScripts.SEAL, home, List.of()).thenApply(field -> mark(field).orElseThrow());
	}

	@Override
	public CompletionStage<OwedMark> inherit(String home, String heir, String before) {
		return run(OwedScripts.INHERIT, home, List.of(bytes(heir), bytes(before))).thenApply(field -> mark(field).orElseThrow());
	}

	@Override
	public CompletionStage<Page> page(String home, String cursor) {
		return redis.send(commands -> commands.hscan(key(home), ScanCursor.of(cursor), ScanArgs.Builder.limit(PAGE)))
				.thenApply(OwedCommands::page);
	}

	private static Page page(MapScanCursor<String, byte[]> found) {
		Map<String, byte[]> records = new LinkedHashMap<>(found.getMap());
		records.keySet().removeAll(Set.of(NUMBER, MARK));
		return new Page(found.isFinished() ? "0" : found.getCursor(), records);
	}

	@Override
	public CompletionStage<Boolean> finish(String home) {
		return run(OwedScripts.FINISH, home, List.of()).thenCompose(done -> Objects.equals(done, 1L)
				? redis.send(commands -> commands.srem(homesKey(), bytes(home))).thenApply(_ -> true)
				: CompletableFuture.completedStage(false));
	}

	@Override
	public CompletionStage<Boolean> claim(String home, String name, long firstBatch) {
		return run(OwedScripts.CLAIM, home, List.of(bytes(name), bytes(Long.toString(firstBatch))))
				.thenApply(done -> Objects.equals(done, 1L));
	}

	@Override
	public CompletionStage<Set<String>> homes() {
		return redis.send(commands -> commands.smembers(homesKey()))
				.thenApply(names -> names.stream().map(name -> new String(name, StandardCharsets.UTF_8)).collect(Collectors.toSet()));
	}

	@Override
	public CompletionStage<?> announce(String home) {
		return redis.send(commands -> commands.sadd(homesKey(), bytes(home)));
	}
}
