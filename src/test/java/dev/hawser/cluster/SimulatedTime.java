package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One thread's time: what is to happen happens in the order of its moments, and nothing takes any time by itself. */
final class SimulatedTime {
	static final long MILLI = 1_000_000;

	final SplittableRandom random;
	private final SoonFirst moments = new SoonFirst();
	private long now = MILLI;
	private long number;

	/** @param number rises with each moment, and decides between two of the same time */
	private record Moment(long at, long number, Spot spot, Runnable what) implements Comparable<Moment> {
		boolean isBefore(Moment other) {
			return compareTo(other) < 0;
		}

		@Override
		public int compareTo(Moment other) {
			return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
		}
	}

	/**
	 * Moments in their order. Most of them come soon, and there are few of those at a time: they are in a list of their own, so that the
	 * hundreds that come later are not touched for them.
	 */
	private static final class SoonFirst {
		private static final long SOON = 8 * MILLI;
		private final PriorityQueue<Moment> late = new PriorityQueue<>(256);
		private Moment[] soon = new Moment[64];
		private int first;
		private int end;

		void add(Moment moment, long now) {
			if (moment.at - now > SOON) {
				late.add(moment);
				return;
			}
			if (end == soon.length) {
				makeRoom();
			}
			int place = end++;
			while (place > first && moment.at < soon[place - 1].at) {
				soon[place] = soon[place - 1];
				place--;
			}
			soon[place] = moment;
		}

		private void makeRoom() {
			int size = end - first;
			Moment[] room = size > soon.length / 2 ? new Moment[2 * soon.length] : soon;
			System.arraycopy(soon, first, room, 0, size);
			soon = room;
			first = 0;
			end = size;
		}

		/** The next one, if it is not after this time. */
		@Nullable
		Moment next(long last) {
			Moment later = late.peek();
			boolean isSoon = first < end && (later == null || soon[first].isBefore(later));
			Moment next = isSoon ? soon[first] : later;
			if (next == null || next.at > last) {
				return null;
			}
			if (isSoon) {
				first++;
			}
			else {
				late.remove();
			}
			return next;
		}
	}

	/** Something that can stand still, or end. */
	static final class Spot {
		private final List<Runnable> waiting = new ArrayList<>();
		private boolean still;
		/** The one after so many moments does not happen any more; 0 for none. */
		private int until;
		private boolean gone;

		boolean isGone() {
			return gone;
		}

		/** Nothing happens here until {@link #goOn}, and then all of it. */
		void standStill() {
			still = true;
		}

		/** As {@link #standStill}, in the middle of something: some things happen first, and what comes next is the first thing afterwards. */
		void standStillAfter(int moments) {
			until = moments + 1;
		}

		private boolean isStill() {
			still |= until > 0 && --until == 0;
			return still;
		}

		/** Nothing happens here any more. */
		void end() {
			gone = true;
			waiting.clear();
		}
	}

	SimulatedTime(long seed) {
		this.random = new SplittableRandom(seed);
	}

	long now() {
		return now;
	}

	/** How much has been to happen so far. */
	long moments() {
		return number;
	}

	/** Between these milliseconds. */
	long between(double least, double most) {
		return (long) ((least + random.nextDouble() * (most - least)) * MILLI);
	}

	/** Whether something happens that does so once in so many times. */
	boolean oneIn(int many) {
		return random.nextInt(many) == 0;
	}

	void at(long moment, Spot spot, Runnable what) {
		moments.add(new Moment(Math.max(moment, now), number++, spot, what), now);
	}

	void goOn(Spot spot) {
		spot.still = false;
		spot.until = 0;
		List<Runnable> missed = List.copyOf(spot.waiting);
		spot.waiting.clear();
		missed.forEach(each -> at(now, spot, each));
	}

	void runUntil(long end) {
		for (Moment next = moments.next(end); next != null; next = moments.next(end)) {
			now = next.at();
			if (next.spot().gone) {
				continue;
			}
			if (next.spot().isStill()) {
				next.spot().waiting.add(next.what());
			}
			else {
				next.what().run();
			}
		}
		now = end;
	}
}
