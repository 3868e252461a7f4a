package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cluster.Schedule.Kind;
import dev.hawser.cluster.Schedule.Length;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes that die, sleep, are cut off and send each other letters, over a Redis that does what it can: thousands of schedules in one thread and
 * no real time. A failure prints its seed and the shortest schedule that still fails. {@code -Dhawser.simulation.seconds} sets for how long it looks,
 * {@code -Dhawser.simulation.first} with which seed it begins, and {@code -Dhawser.simulation.seed} which schedule alone it runs.
 */
class ClusterSimulationTests {
	private static final long SECONDS = Long.getLong("hawser.simulation.seconds", 4);

	@Test
	void keepsItsPromisesInEverySchedule() {
		long first = Long.getLong("hawser.simulation.first", 1);
		long only = Long.getLong("hawser.simulation.seed", -1);
		long begin = System.nanoTime();
		int done = 0;
		try (Silence silence = new Silence()) {
			do {
				silence.keep();
				check(Schedule.of(only >= 0 ? only : first + done++));
			}
			while (only < 0 && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(SECONDS));
		}
		double seconds = (System.nanoTime() - begin) / 1e9;
		System.out.printf("%d schedules from seed %d, %.0f a second%n", done, first, done / seconds);
	}

	private static void check(Schedule schedule) {
		if (!Simulation.run(schedule).isEmpty()) {
			Schedule fewest = ShorterSchedule.of(schedule, shorter -> !Simulation.run(shorter).isEmpty());
			assertThat(Simulation.run(fewest)).as(fewest.toString()).isEqualTo(List.of());
		}
	}

	/** Two nodes, and no fault yet. */
	private static Schedule two(Length length) {
		int begin = length == Length.SHORT ? 500 : 3_000;
		return new Schedule(1, length, 2, List.of(), List.of(letters(0, begin), letters(1, begin + 100)), List.of());
	}

	/** Schedules that have failed once. */
	static Stream<Schedule> mended() {
		Schedule short2 = two(Length.SHORT);
		Schedule long2 = two(Length.LONG);
		return Stream.of(
				// an inbox that is full just when all that was in it is lost
				short2.with(
						List.of(fault(Kind.CUT, 1, 1_300, 1_500), fault(Kind.REDIS_BACK, 0, 1_730, 470), fault(Kind.FULL, 1, 1_750, 1_300)))
						.withLetters(List.of(letters(0, 1_740), letters(1, 600))),
				// a node that wakes up after its tombstone was lost with everything else
				long2.with(List.of(fault(Kind.PAUSE, 1, 5_000, 18_000), fault(Kind.REDIS_EMPTY, 0, 18_000, 1_000))),
				// a node that sleeps while Redis loses everything, so that there is nothing to bury: the others do without it
				long2.with(List.of(fault(Kind.PAUSE, 1, 8_000, 29_000), fault(Kind.REDIS_EMPTY, 1, 13_000, 600)))
						.withLetters(List.of(letters(0, 3_000), letters(1, 3_000),
								new Schedule.Letters(0, SimulatedNode.Way.GROUP, 0, 1, 32_000 * SimulatedTime.MILLI))),
				// a copy whose clock is behind, so that what is new seems to be older than what was read last
				short2.with(List.of(fault(Kind.REDIS_BACK, 1, 1_070, 870)))
						.withLetters(List.of(letters(0, 900), letters(1, 900), letters(0, 1_500), letters(1, 1_500), letters(0, 1_900))),
				// a node that wakes up when a copy that does not have the tombstone takes the place of Redis
				long2.with(List.of(fault(Kind.PAUSE, 1, 5_000, 18_000), fault(Kind.REDIS_BACK, 0, 14_500, 2_000))),
				// what an heir has written comes after what it has removed
				long2.with(List.of(fault(Kind.PAUSE, 1, 5_000, 30_000), fault(Kind.REDIS_PAUSE, 0, 17_500, 6_000))).withLetters(List.of())
						.withVisits(visits(1, 1_000, 3_200, 200)),
				// a deaf node whose record changes all the time
				long2.with(List.of(fault(Kind.DEAF, 1, 5_000, 20_000))).withVisits(visits(1, 10_000, 22_000, 300)),
				// an heir under a new name, of which another node knows nothing, since Redis is away
				new Schedule(1, Length.LONG, 3, List.of(fault(Kind.FULL, 1, 19_250, 12_730), fault(Kind.REDIS_AWAY, 0, 30_890, 4_650)),
						List.of(), List.of(new Schedule.Visit(2, 670 * SimulatedTime.MILLI, 1_000_000 * SimulatedTime.MILLI),
								new Schedule.Visit(0, 18_300 * SimulatedTime.MILLI, 18_500 * SimulatedTime.MILLI))));
	}

	/** Schedules that hit what chance seldom hits. */
	static Stream<Schedule> seldom() {
		Schedule long2 = two(Length.LONG);
		return Stream.of(
				// a node that stands still while it sends, and wakes up long after its burial
				long2.with(List.of(fault(Kind.PAUSE, 0, 5_000, 25_000))).withLetters(toOther(0, 4_990, 5_010, 1)),
				// a node that finds out that it was buried when it does not know of a letter whether it was written, which was read
				long2.with(List.of(fault(Kind.DEAF, 1, 5_000, 20_000), fault(Kind.DOUBT, 1, 5_000, 20_000)))
						.withLetters(toOther(1, 14_000, 19_000, 50)),
				// a node that is buried and reads to the end, what its sender is in doubt of
				long2.with(List.of(fault(Kind.MUTE, 1, 5_000, 20_000), fault(Kind.DOUBT, 0, 5_000, 20_000)))
						.withLetters(toOther(0, 14_000, 19_000, 50)),
				// nodes that wake up one after the other
				long2.with(List.of(fault(Kind.STALL, 0, 5_000, 25_000))));
	}

	private static List<Schedule.Letters> toOther(int node, long fromMillis, long toMillis, long step) {
		return LongStream.rangeClosed(0, (toMillis - fromMillis) / step)
				.mapToObj(i -> new Schedule.Letters(node, SimulatedNode.Way.ONE, 0, 1, (fromMillis + i * step) * SimulatedTime.MILLI))
				.toList();
	}

	private static List<Schedule.Visit> visits(int node, long fromMillis, long toMillis, long step) {
		return LongStream.rangeClosed(0, (toMillis - fromMillis) / step)
				.mapToObj(i -> new Schedule.Visit(node, (fromMillis + i * step) * SimulatedTime.MILLI, 1_000_000 * SimulatedTime.MILLI))
				.toList();
	}

	private static Schedule.Fault fault(Kind kind, int node, long atMillis, long millis) {
		return new Schedule.Fault(kind, node, atMillis * SimulatedTime.MILLI, millis * SimulatedTime.MILLI);
	}

	private static Schedule.Letters letters(int node, long atMillis) {
		return new Schedule.Letters(node, SimulatedNode.Way.HUB, 0, 2, atMillis * SimulatedTime.MILLI);
	}

	@ParameterizedTest
	@MethodSource({ "mended", "seldom" })
	void keepsThemWhereChanceSeldomTries(Schedule schedule) {
		try (Silence silence = new Silence()) {
			for (int seed = 1; seed <= 30; seed++) {
				silence.keep();
				Schedule one = schedule.withSeed(seed);
				assertThat(Simulation.run(one)).as(one.toString()).isEqualTo(List.of());
			}
		}
	}

	@Test
	void runsAScheduleAlwaysInTheSameWay() {
		try (Silence silence = new Silence()) {
			for (long seed = 1; seed <= 8; seed++) {
				silence.keep();
				assertThat(Simulation.trace(Schedule.of(seed))).isEqualTo(Simulation.trace(Schedule.of(seed)));
			}
		}
	}
}
