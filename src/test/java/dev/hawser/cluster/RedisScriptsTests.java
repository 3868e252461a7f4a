package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The scripts in a real Redis do what the simulation takes them to do. */
class RedisScriptsTests {
	private static final int STEPS = 3000;
	private static final String[] HOMES = { "a", "b" };
	private static final String[] HEIRS = { "x", "y", "z" };

	private final SimulatedRedis simulated = new SimulatedRedis();
	private final long seed = ThreadLocalRandom.current().nextLong(1L << 40);
	private final Random random = new Random(seed);

	private static <T> T answer(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
	}

	private String any(String... of) {
		return of[random.nextInt(of.length)];
	}

	private OwedBatch batch() {
		List<OwedRecord> puts = new ArrayList<>();
		List<OwedRecord> removes = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			OwedRecord record = new OwedRecord("r" + i);
			int what = random.nextInt(4);
			if (what == 0) {
				record.kept = SimulatedConnection.left(record.name, Integer.toString(random.nextInt(9)).getBytes(StandardCharsets.UTF_8));
				puts.add(record);
			}
			else if (what == 1) {
				removes.add(record);
			}
		}
		return new OwedBatch(random.nextInt(12), random.nextInt(10), puts, removes, List.of());
	}

	@Test
	void doWhatTheSimulationTakesThemToDo() throws Exception {
		try (RedisServer server = RedisServer.start(); RedisClients clients = RedisClients.of(server)) {
			OwedCommands real = new OwedCommands(clients.link());
			Redis table = new LettuceRedis(clients.link(), clients.link());
			for (int i = 0; i < STEPS; i++) {
				String home = any(HOMES);
				step(real, table, home);
				assertThat(answer(real.page(home, "0")).records()).as("seed %s, step %s", seed, i).containsExactlyInAnyOrderEntriesOf(
						simulated.records(home));
				if (random.nextInt(40) == 0) {
					server.cli("DEL", "hawser:c:{" + home + '}');
					simulated.hashes.remove(home);
				}
			}
		}
	}

	/** Entries have other ids in a real Redis: what is compared is what they hold. */
	@Test
	void keepInboxesAsTheSimulationTakesThemToDo() throws Exception {
		try (RedisServer server = RedisServer.start(); RedisClients clients = RedisClients.of(server)) {
			Redis real = new LettuceRedis(clients.link(), clients.link());
			for (int i = 0; i < STEPS / 10; i++) {
				String node = any(HOMES);
				byte[] batch = { (byte) i, (byte) (i >> 8) };
				same(answer(real.append(node, batch)), simulated.append(node, batch, i * SimulatedTime.MILLI / 3));
				List<Redis.Entry> entries = answer(real.read(node, "0-0"));
				List<Redis.Entry> expected = simulated.read(node, "0-0");
				assertThat(batches(entries)).as("seed %s, step %s", seed, i).isEqualTo(batches(expected));
				int one = random.nextInt(entries.size());
				if (one < entries.size() - 1) {
					assertThat(batches(answer(real.read(node, entries.get(one).id())))).as("seed %s, step %s", seed, i)
							.isEqualTo(batches(simulated.read(node, expected.get(one).id())));
				}
				if (random.nextInt(8) == 0) {
					same(answer(real.trim(node, entries.get(one).id(), 2L * one)), simulated.trim(node, expected.get(one).id(), 2L * one));
				}
			}
		}
	}

	private static List<String> batches(List<Redis.Entry> entries) {
		return entries.stream().map(entry -> Arrays.toString(entry.batch())).toList();
	}

	private void step(OwedCommands real, Redis table, String home) throws Exception {
		String heir = any(HEIRS);
		OwedBatch batch = batch();
		switch (random.nextInt(12)) {
			case 0, 1, 2, 3, 4 -> same(answer(real.keep(home, batch)), simulated.keep(home, batch, batch.contents()));
			case 5, 6 -> same(answer(real.keepAsHeir(home, heir, batch)), simulated.keepAsHeir(home, heir, batch, batch.contents()));
			case 7 -> same(answer(real.inherit(home, heir, "x")), simulated.inherit(home, heir, "x"));
			case 8 -> same(answer(real.finish(home)), simulated.finish(home));
			case 9 -> {
				if (random.nextInt(4) == 0) {
					same(answer(real.seal(home)), simulated.seal(home));
				}
				same(answer(real.claim(home, "r1", 3)), simulated.claim(home, "r1", 3));
			}
			default -> beat(table, home);
		}
	}

	private void beat(Redis table, String node) throws Exception {
		long confirmed = random.nextInt(10);
		String record = random.nextInt(10) + "|1|up|0";
		String epoch = Integer.toString(random.nextInt());
		String known = random.nextBoolean() ? "another" : simulated.nodes.getOrDefault("~epoch", "");
		same(answer(table.beat(node, record, confirmed, known, epoch)), simulated.beat(node, record, confirmed, known, epoch));
		if (random.nextInt(10) == 0) {
			same(answer(table.bury(node, record, "dead|x|now")), simulated.bury(node, record, "dead|x|now"));
			if (NodeRecord.isTombstone(String.valueOf(simulated.nodes.get(node)))) {
				same(answer(table.remove(node, "dead|x|now")), simulated.nodes.remove(node) != null);
			}
		}
	}

	private void same(Object real, Object expected) {
		assertThat(real).as("seed %s", seed).isEqualTo(expected);
	}
}
