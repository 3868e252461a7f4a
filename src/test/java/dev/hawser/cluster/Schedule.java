package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Who does what and when in a {@link Simulation}, and what goes wrong. Times are nanoseconds.
 *
 * @param seed   of everything that is left to chance, such as how long an answer takes
 * @param length how long schedules of its kind are
 */
record Schedule(long seed, Length length, int nodes, List<Fault> faults, List<Letters> letters, List<Visit> visits) {
	private static final long SECOND = 1000 * SimulatedTime.MILLI;
	private static final List<SimulatedNode.Way> WAYS = List.of(SimulatedNode.Way.values());
	private static final long STAYS = 1000 * SECOND;
	/** For how long the nodes have to do with a fault that is over. */
	private static final long AFTERMATH = 15 * SECOND;

	/** The two kinds of schedules. */
	enum Length {
		/** Faults of a second or so: no node is buried. */
		SHORT(1, 3, 100, 3.5),
		/** Faults of up to half a minute, and then the time to bury, to inherit, to deliver, and to find what has been forgotten. */
		LONG(4, 40, 250, 60);

		final long begin;
		final long end;
		/** From one tick of a node to the next. */
		final long tick;
		/** Time after which all must be well again. */
		final long healing;

		Length(double begin, double end, double tickMillis, double healing) {
			this.begin = (long) (begin * SECOND);
			this.end = (long) (end * SECOND);
			this.tick = (long) (tickMillis * SimulatedTime.MILLI);
			this.healing = (long) (healing * SECOND);
		}
	}

	/** What can go wrong. */
	enum Kind {
		/** A node is killed, and another one started. */
		KILL,
		/** A node stands still. */
		PAUSE,
		/** All nodes stand still, as when their machine does. */
		STALL,
		/** A node cannot reach Redis. */
		CUT,
		/** A node does not get what is in its inbox. */
		DEAF,
		/** A node gets what is in its inbox, and cannot do anything else. */
		MUTE,
		/** A node's connections break, and are made again soon. */
		BREAK,
		/** All commands of a node take long. */
		SLOW,
		/** What a node writes into inboxes gets lost, or comes late or twice, and the node does not know. */
		DOUBT,
		/** Redis stands still. */
		REDIS_PAUSE,
		/** No node can reach Redis. */
		REDIS_AWAY,
		/** Redis refuses every command. */
		REFUSED,
		/** Inboxes take no entry more. */
		FULL,
		/** Another program empties the inbox of a node, or removes it. */
		EMPTIED,
		/** Another program removes everything from Redis. */
		FLUSHED,
		/** Redis is killed, and has nothing when it comes back. */
		REDIS_EMPTY,
		/** A copy takes Redis's place, which lacks what Redis was told last. */
		REDIS_BACK;

		/** Those after which Redis does not have what it has confirmed. */
		static final Set<Kind> LOSSES = EnumSet.of(FLUSHED, REDIS_EMPTY, REDIS_BACK);

		/** Whether a node that is hit for long cannot take part any more. */
		boolean isEnd() {
			return this == KILL || this == PAUSE || this == CUT || this == DEAF || this == MUTE;
		}
	}

	private static String millis(long nanos) {
		return nanos / SimulatedTime.MILLI + " ms";
	}

	/** @param node which one it hits, if it hits one */
	record Fault(Kind kind, int node, long at, long length) {
		@Override
		public String toString() {
			return kind + "(" + node + ") at " + millis(at) + " for " + millis(length);
		}
	}

	/**
	 * A node sends some letters at once.
	 *
	 * @param which chooses the others that they are for
	 */
	record Letters(int node, SimulatedNode.Way way, int which, int count, long at) {
		@Override
		public String toString() {
			return count + " to " + way + which + " from " + node + " at " + millis(at);
		}
	}

	/** A client connects to a node, and goes after some time. */
	record Visit(int node, long at, long life) {
		@Override
		public String toString() {
			return "to " + node + " at " + millis(at) + " for " + millis(life);
		}
	}

	/** The schedule that belongs to a seed. Of four one is long; in half of them Redis loses nothing, so that more can be asked of the end. */
	static Schedule of(long seed) {
		SplittableRandom random = new SplittableRandom(~seed);
		Length length = seed % 4 == 0 ? Length.LONG : Length.SHORT;
		List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
		if (length == Length.SHORT) {
			kinds.remove(Kind.KILL);
		}
		if (random.nextBoolean()) {
			kinds.removeAll(Kind.LOSSES);
		}
		int nodes = 2 + random.nextInt(2);
		List<Fault> faults = new ArrayList<>();
		for (int count = 1 + random.nextInt(5); count > 0; count--) {
			double most = length == Length.SHORT ? 1.5 : random.nextInt(2) == 0 ? 30 : 2;
			faults.add(new Fault(kinds.get(random.nextInt(kinds.size())), random.nextInt(nodes), between(random, length.begin, length.end),
					(long) (random.nextDouble() * most * SECOND)));
		}
		faults.sort(Comparator.comparingLong(Fault::at));
		boolean isShort = length == Length.SHORT;
		List<Letters> letters = new ArrayList<>();
		for (int count = isShort ? 25 : 80; count > 0; count--) {
			SimulatedNode.Way way = WAYS.get(random.nextInt(WAYS.size()));
			letters.add(new Letters(random.nextInt(nodes), way, random.nextInt(3), 1 + random.nextInt(3), time(random, length, faults)));
		}
		List<Visit> visits = new ArrayList<>();
		for (int count = isShort ? 3 : 40; count > 0; count--) {
			boolean stays = random.nextInt(4) > 0;
			visits.add(new Visit(random.nextInt(nodes), between(random, 0, length.end), stays ? STAYS
					: between(random, 0, length.end / 2)));
		}
		return new Schedule(seed, length, nodes, faults, letters, visits);
	}

	private static long between(SplittableRandom random, long least, long most) {
		return least + (long) (random.nextDouble() * (most - least));
	}

	/** Often just when something goes wrong. */
	private static long time(SplittableRandom random, Length length, List<Fault> faults) {
		if (random.nextInt(3) == 0) {
			return between(random, length.begin / 2, length.end + SECOND);
		}
		Fault fault = faults.get(random.nextInt(faults.size()));
		return random.nextInt(8) == 0 ? fault.at
				: between(random, fault.at - SECOND / 5, fault.at + Math.min(fault.length, SECOND) + SECOND / 5);
	}

	/** When everything that goes wrong is over, and nothing more is sent. */
	long calm() {
		long faultsEnd = faults.stream().mapToLong(fault -> fault.at + fault.length).max().orElse(0);
		long lettersEnd = letters.stream().mapToLong(Letters::at).max().orElse(0);
		long visitsEnd = visits.stream().mapToLong(visit -> visit.at + (visit.life == STAYS ? 0 : visit.life)).max().orElse(0);
		return Math.max(Math.max(faultsEnd, lettersEnd), visitsEnd) + SECOND;
	}

	/** When all must be well again; a node takes a while longer to find out that records are lost if that is all that Redis has lost. */
	long healed() {
		return calm() + length.healing + (faults.stream().anyMatch(fault -> Kind.LOSSES.contains(fault.kind)) ? 4 * SECOND : 0);
	}

	boolean has(Kind kind) {
		return faults.stream().anyMatch(fault -> fault.kind == kind);
	}

	/** Whether the fault lasts for so long at least, and no other one is near it meanwhile. */
	boolean isAlone(Fault one, long time) {
		return (one.length >= time || one.kind == Kind.KILL) && faults.stream().allMatch(other -> other == one || other.at > one.at + time
				|| other.at + other.length + AFTERMATH < one.at);
	}

	Schedule withSeed(long other) {
		return new Schedule(other, length, nodes, faults, letters, visits);
	}

	Schedule with(List<Fault> fewer) {
		return new Schedule(seed, length, nodes, fewer, letters, visits);
	}

	Schedule withLetters(List<Letters> fewer) {
		return new Schedule(seed, length, nodes, faults, fewer, visits);
	}

	Schedule withVisits(List<Visit> fewer) {
		return new Schedule(seed, length, nodes, faults, letters, fewer);
	}

	@Override
	public String toString() {
		return "seed " + seed + ", " + nodes + " nodes" + "\n faults  " + faults + "\n letters " + letters + "\n visits  " + visits;
	}
}
