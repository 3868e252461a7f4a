package dev.hawser.webhook;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How many dead letters each hub has, and how many bytes all of them take. Changed by one thread at a time, read by any. */
final class DeadLetterCounts {
	private final Map<String, Integer> byHub = new ConcurrentHashMap<>();
	private volatile long bytes;

	void added(DeadLetters.Numbered one) {
		added(one.letter(), one.size());
	}

	/** @param size bytes that the letter takes */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
	void added(DeadLetter letter, int size) {
		bytes += size;
		byHub.merge(letter.event().of().hub(), 1, Integer::sum);
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void removed(DeadLetters.Numbered one) {
		bytes -= one.size();
		byHub.merge(one.letter().event().of().hub(), -1, Integer::sum);
	}

	/** A letter takes so many bytes more than before, or fewer. */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	void grown(int more) {
		bytes += more;
	}

	void clear() {
		byHub.clear();
		bytes = 0;
	}

	long bytes() {
		return bytes;
	}

	int of(String hub) {
		return byHub.getOrDefault(hub, 0);
	}

	/** For the hubs that have some. */
	Map<String, Integer> byHub() {
		Map<String, Integer> counts = new TreeMap<>(byHub);
		counts.values().removeIf(count -> count <= 0);
		return counts;
	}
}
