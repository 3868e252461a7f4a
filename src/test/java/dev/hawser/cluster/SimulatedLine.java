package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connection of one node to Redis: commands and answers take time, keep their order, and get lost with the connection. */
final class SimulatedLine implements Redis, OwedRedis {
	private static final long PATIENCE = 1000 * SimulatedTime.MILLI;

	private final SimulatedTime time;
	private final SimulatedRedis redis;
	private final Spot server;
	private final Spot node;
	private final Map<Long, CompletableFuture<?>> underWay = new LinkedHashMap<>();
	private long commands;
	private boolean cut;
	/** Rises with each connection. */
	private int connection;
	/** Whether what has been sent gets to Redis although its connection is cut. */
	private boolean leaks;
	private long lastArrival;
	private long lastAnswer;
	double slowest = 3;

	SimulatedLine(SimulatedTime time, SimulatedRedis redis, Spot server, Spot node) {
		this.time = time;
		this.redis = redis;
		this.server = server;
		this.node = node;
	}

	/** Ends the connection; commands fail until it is mended. */
	void cut() {
		cut = true;
		breakOff();
	}

	void mend() {
		cut = false;
	}

	private void breakOff() {
		connection++;
		leaks = time.random.nextBoolean();
		List<CompletableFuture<?>> lost = List.copyOf(underWay.values());
		underWay.clear();
		lost.forEach(each -> time.at(time.now(), node, () -> each.completeExceptionally(new CancellationException("cut"))));
	}

	private <T> CompletionStage<T> call(Supplier<T> command) {
		if (cut || server.isGone()) {
			return CompletableFuture.failedStage(new RedisAwayException());
		}
		CompletableFuture<T> answer = new CompletableFuture<>();
		long number = ++commands;
		underWay.put(number, answer);
		int mine = connection;
		lastArrival = Math.max(lastArrival, time.now() + time.between(0.05, slowest));
		time.at(lastArrival, server, () -> {
			if (mine == connection || leaks) {
				T result = command.get();
				lastAnswer = Math.max(lastAnswer, time.now() + time.between(0.05, slowest));
				time.at(lastAnswer, node, () -> {
					if (mine == connection) {
						underWay.remove(number);
						answer.complete(result);
					}
				});
			}
		});
		time.at(time.now() + PATIENCE, node, () -> answer.completeExceptionally(new TimeoutException()));
		return answer;
	}

	@Override
	public boolean isUp() {
		return !cut;
	}

	@Override
	public void reconnect() {
		breakOff();
	}

	@Override
	public CompletionStage<Beat> beat(String node, String record, long confirmed, String epoch) {
		return call(() -> redis.beat(node, record, confirmed, epoch));
	}

	@Override
	public CompletionStage<Boolean> bury(String node, String seen, String tombstone) {
		return call(() -> redis.bury(node, seen, tombstone));
	}

	private static Map<String, byte[]> contents(OwedBatch batch) {
		Map<String, byte[]> contents = new HashMap<>();
		for (OwedRecord record : batch.puts()) {
			if (record.kept != null) {
				contents.put(record.name, record.kept.content());
			}
		}
		return contents;
	}

	@Override
	public CompletionStage<Optional<OwedMark>> keep(String home, OwedBatch batch) {
		Map<String, byte[]> contents = contents(batch);
		return call(() -> redis.keep(home, batch, contents));
	}

	@Override
	public CompletionStage<Optional<OwedMark>> keepAsHeir(String home, String heir, OwedBatch batch) {
		Map<String, byte[]> contents = contents(batch);
		return call(() -> redis.keepAsHeir(home, heir, batch, contents));
	}

	@Override
	public CompletionStage<OwedMark> seal(String home) {
		return call(() -> redis.seal(home));
	}

	@Override
	public CompletionStage<OwedMark> inherit(String home, String heir, String before) {
		return call(() -> redis.inherit(home, heir, before));
	}

	@Override
	public CompletionStage<Page> page(String home, String cursor) {
		return call(() -> redis.page(home, cursor));
	}

	@Override
	public CompletionStage<Boolean> finish(String home) {
		return call(() -> redis.finish(home));
	}

	@Override
	public CompletionStage<Boolean> claim(String home, String name, long firstBatch) {
		return call(() -> redis.claim(home, name, firstBatch));
	}

	@Override
	public CompletionStage<Set<String>> homes() {
		return call(() -> Set.copyOf(redis.homes));
	}

	@Override
	public CompletionStage<?> announce(String home) {
		return call(() -> redis.homes.add(home));
	}

	// What belongs to pushes is not simulated.

	@Override
	public CompletionStage<Boolean> remove(String node, String seen) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Boolean> append(String node, byte[] batch) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<List<Entry>> read(String node, String after) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Long> trim(String node, String before, long bytes) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Map<String, String>> nodesAt(Place place) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Long> put(Place place, String node, @Nullable String value) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Long> forget(String node) {
		throw new UnsupportedOperationException();
	}
}
