package dev.hawser.cluster;

import dev.hawser.cluster.SimulatedTime.Spot;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two connections of one node to Redis, that for commands and the one that waits for entries of the inbox. */
final class SimulatedLine implements Redis, OwedRedis {
	private static final long PATIENCE = RedisOptions.PATIENCE.toNanos();
	private static final long LONGEST_READ = RedisOptions.LONGEST_READ.toNanos();

	private final SimulatedTime time;
	private final SimulatedRedis redis;
	private final SimulatedPost post;
	private final SimulatedBurials burials;
	private final Spot node;
	final SimulatedWire commands;
	final SimulatedWire reading;
	/** Of how many appends in a hundred it does not become known what happened to them. */
	int doubtful;

	SimulatedLine(SimulatedWorld world, Spot node) {
		this.time = world.time();
		this.redis = world.redis();
		this.post = world.post();
		this.burials = world.burials();
		this.node = node;
		this.commands = new SimulatedWire(time, redis, node, PATIENCE);
		this.reading = new SimulatedWire(time, redis, node, LONGEST_READ + PATIENCE);
	}

	/** Ends both connections; commands fail until they are mended. */
	void cut() {
		commands.cut();
		reading.cut();
	}

	void mend() {
		commands.mend();
		reading.mend();
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
		commands.breakOff();
		reading.breakOff();
	}

	@Override
	public CompletionStage<Beat> beat(String name, String record, long confirmed, String known, String epoch) {
		return commands.call(() -> {
			Beat answer = redis.beat(name, record, confirmed, known, epoch);
			burials.beaten(name, time.now());
			return answer;
		});
	}

	@Override
	public CompletionStage<Boolean> bury(String name, String seen, String tombstone) {
		String objection = burials.objection(name, NodeRecord.burier(tombstone), time.now());
		return commands.call(() -> {
			boolean done = redis.bury(name, seen, tombstone);
			if (done) {
				burials.buried(name, objection, time.now());
			}
			return done;
		});
	}

	@Override
	public CompletionStage<Boolean> append(String name, byte[] batch) {
		Supplier<Boolean> command = () -> {
			boolean taken = redis.append(name, batch, time.now());
			if (taken) {
				post.appended(name, batch);
			}
			return taken;
		};
		return time.random.nextInt(100) < doubtful && isUp() ? inDoubt(command) : commands.call(command);
	}

	/** It gets lost, or its answer does, or it comes late or twice: the node does not know. */
	private CompletionStage<Boolean> inDoubt(Supplier<Boolean> command) {
		CompletableFuture<Boolean> answer = new CompletableFuture<>();
		long end = time.now() + time.between(0, 1000);
		if (time.random.nextBoolean()) {
			carryOut(command, time.now() + time.between(0, 3));
		}
		if (time.random.nextBoolean()) {
			carryOut(command, end + time.between(0, 1500));
		}
		time.at(end, node, () -> answer.completeExceptionally(SimulatedWire.unanswered()));
		return answer;
	}

	private void carryOut(Supplier<Boolean> command, long moment) {
		int server = redis.server;
		time.at(moment, redis.spot, () -> {
			if (server == redis.server) {
				boolean _ = command.get();
			}
		});
	}

	@Override
	public CompletionStage<List<Entry>> read(String name, String after) {
		return reading.send((isWaitedFor, answer) -> {
			List<Entry> found = redis.read(name, after);
			if (!found.isEmpty()) {
				answer.accept(found);
				return;
			}
			boolean[] answered = new boolean[1];
			Runnable end = () -> {
				if (!answered[0] && isWaitedFor.getAsBoolean()) {
					answered[0] = true;
					answer.accept(redis.read(name, after));
				}
			};
			redis.await(name, end);
			time.at(time.now() + LONGEST_READ, redis.spot, end);
		});
	}

	@Override
	public CompletionStage<Long> trim(String name, String before, long bytes) {
		return commands.call(() -> redis.trim(name, before, bytes));
	}

	@Override
	public CompletionStage<String> epoch() {
		return commands.call(redis::epoch);
	}

	@Override
	public CompletionStage<Map<Place, List<String>>> nodesAt(Collection<Place> places) {
		return commands.call(() -> redis.nodesAt(places)).exceptionally(_ -> Map.of());
	}

	@Override
	public CompletionStage<Long> put(Place place, String name, @Nullable String value) {
		return commands.call(() -> redis.put(place, name, value));
	}

	@Override
	public CompletionStage<Optional<OwedMark>> keep(String home, OwedBatch batch) {
		Map<String, byte[]> contents = batch.contents();
		return commands.call(() -> redis.keep(home, batch, contents));
	}

	@Override
	public CompletionStage<Optional<OwedMark>> keepAsHeir(String home, String heir, OwedBatch batch) {
		Map<String, byte[]> contents = batch.contents();
		return commands.call(() -> redis.keepAsHeir(home, heir, batch, contents));
	}

	@Override
	public CompletionStage<OwedMark> seal(String home) {
		return commands.call(() -> redis.seal(home));
	}

	@Override
	public CompletionStage<OwedMark> inherit(String home, String heir, String before) {
		return commands.call(() -> redis.inherit(home, heir, before));
	}

	@Override
	public CompletionStage<Page> page(String home, String cursor) {
		return commands.call(() -> redis.page(home, cursor));
	}

	@Override
	public CompletionStage<Boolean> finish(String home) {
		return commands.call(() -> redis.finish(home));
	}

	@Override
	public CompletionStage<Boolean> claim(String home, String name, long firstBatch) {
		return commands.call(() -> redis.claim(home, name, firstBatch));
	}

	@Override
	public CompletionStage<Set<String>> homes() {
		return commands.call(() -> new TreeSet<>(redis.homes));
	}

	@Override
	public CompletionStage<?> announce(String home) {
		return commands.call(() -> redis.homes.add(home));
	}

	// Limits, the sweeping of graves and a node's leave are not simulated.

	@Override
	public CompletionStage<Boolean> remove(String name, String seen) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Entered> enter(Place place, String name, int own, int more, int limit, Collection<String> ignored) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Keys> places(@Nullable Object after) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<?> drop(Collection<String> keys, Collection<String> names) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Long> forget(String name) {
		throw new UnsupportedOperationException();
	}
}
