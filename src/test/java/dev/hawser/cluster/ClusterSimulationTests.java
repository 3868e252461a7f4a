package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cluster.Simulation.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Nodes that die, sleep and are cut off, over a Redis that does the same: thousands of schedules in one thread and no real time. A failure
 * names the seed and the fewest faults that still make it fail. {@code -Dhawser.simulation.seconds} sets for how long it looks, {@code
 * -Dhawser.simulation.first} with which seed it begins, and {@code -Dhawser.simulation.seed} which schedule alone it runs.
 */
class ClusterSimulationTests {
	private static final long SECONDS = Long.getLong("hawser.simulation.seconds", 5);

	@Test
	void keepsItsPromisesInEverySchedule() {
		Long only = Long.getLong("hawser.simulation.seed");
		if (only != null) {
			check(only);
			return;
		}
		long first = Long.getLong("hawser.simulation.first", 1);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
		int done = 0;
		while (System.nanoTime() - end < 0) {
			check(first + done++);
		}
		assertThat(done).isPositive();
		System.out.println(done + " schedules from seed " + first);
	}

	private static void check(long seed) {
		List<Fault> faults = Simulation.faults(seed);
		List<String> wrong = Simulation.run(seed, faults);
		if (!wrong.isEmpty()) {
			List<Fault> fewest = fewest(seed, faults);
			throw new AssertionError("Seed " + seed + " with " + fewest + ": " + Simulation.run(seed, fewest));
		}
	}

	/** Leaves out one fault after the other, as long as the schedule still fails. */
	private static List<Fault> fewest(long seed, List<Fault> faults) {
		for (Fault one : faults) {
			List<Fault> fewer = new ArrayList<>(faults);
			fewer.remove(one);
			if (!Simulation.run(seed, fewer).isEmpty()) {
				return fewest(seed, fewer);
			}
		}
		return faults;
	}
}
