package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** One thread's time: what is to happen happens in the order of its moments, and nothing takes any time by itself. */
final class SimulatedTime {
	static final long MILLI = 1_000_000;

	final Random random;
	private final PriorityQueue<Moment> moments = new PriorityQueue<>();
	private long now = MILLI;
	private long number;

	private record Moment(long at, long number, Spot spot, Runnable what) implements Comparable<Moment> {
		@Override
		public int compareTo(Moment other) {
			return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
		}
	}

	/** Something that can stand still, or end. */
	static final class Spot {
		private final List<Runnable> waiting = new ArrayList<>();
		private boolean still;
		private boolean gone;

		boolean isStill() {
			return still;
		}

		boolean isGone() {
			return gone;
		}

		/** Nothing happens here until {@link #goOn}, and then all of it. */
		void standStill() {
			still = true;
		}

		/** Nothing happens here any more. */
		void end() {
			gone = true;
		}
	}

	SimulatedTime(long seed) {
		this.random = new Random(seed);
	}

	long now() {
		return now;
	}

	/** Between these milliseconds. */
	long between(double least, double most) {
		return (long) ((least + random.nextDouble() * (most - least)) * MILLI);
	}

	void at(long moment, Spot spot, Runnable what) {
		moments.add(new Moment(Math.max(moment, now), number++, spot, what));
	}

	void goOn(Spot spot) {
		spot.still = false;
		List<Runnable> missed = List.copyOf(spot.waiting);
		spot.waiting.clear();
		missed.forEach(each -> at(now, spot, each));
	}

	void runUntil(long end) {
		while (!moments.isEmpty() && moments.element().at() <= end) {
			Moment next = moments.remove();
			now = next.at();
			if (next.spot().still) {
				next.spot().waiting.add(next.what());
			}
			else if (!next.spot().gone) {
				next.what().run();
			}
		}
		now = end;
	}
}
