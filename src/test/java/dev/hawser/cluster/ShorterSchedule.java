package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Leaves out of a schedule that fails whatever can be left out, so that a person sees why. */
final class ShorterSchedule {
	private final Predicate<Schedule> fails;
	/** How often it may still be tried. */
	private int tries = 500;

	private ShorterSchedule(Predicate<Schedule> fails) {
		this.fails = fails;
	}

	static Schedule of(Schedule schedule, Predicate<Schedule> fails) {
		ShorterSchedule shorter = new ShorterSchedule(fails);
		Schedule fewest = schedule;
		for (int before = Integer.MAX_VALUE; size(fewest) < before;) {
			before = size(fewest);
			Schedule first = fewest;
			fewest = first.with(shorter.fewest(first.faults(), first::with));
			Schedule second = fewest;
			fewest = second.withVisits(shorter.fewest(second.visits(), second::withVisits));
			Schedule third = fewest;
			fewest = third.withLetters(shorter.fewest(third.letters(), third::withLetters));
		}
		return fewest;
	}

	private static int size(Schedule schedule) {
		return schedule.faults().size() + schedule.letters().size() + schedule.visits().size();
	}

	/** Leaves out as many at a time as possible: half of them at first, one in the end. */
	private <T> List<T> fewest(List<T> all, Function<List<T>, Schedule> with) {
		List<T> left = all;
		for (int some = Math.max(1, all.size()); some > 0; some /= 2) {
			for (int from = 0; from < left.size();) {
				List<T> fewer = new ArrayList<>(left);
				fewer.subList(from, Math.min(left.size(), from + some)).clear();
				if (tries-- > 0 && fails.test(with.apply(fewer))) {
					left = fewer;
				}
				else {
					from += some;
				}
			}
		}
		return left;
	}
}
