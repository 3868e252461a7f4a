package dev.hawser.webhook;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many dead letters each hub has, and how many bytes all of them take. Changed by one thread at a time, read by any. */
final class DeadLetterCounts {
	private final Map<String, Integer> byHub = new ConcurrentHashMap<>();
	private final AtomicLong bytes = new AtomicLong();

	void added(DeadLetters.Numbered one) {
		added(one.letter(), one.size());
	}

	/** @param size bytes that the letter takes */
	void added(DeadLetter letter, int size) {
		bytes.addAndGet(size);
		byHub.merge(letter.event().of().hub(), 1, Integer::sum);
	}

	void removed(DeadLetters.Numbered one) {
		bytes.addAndGet(-one.size());
		byHub.merge(one.letter().event().of().hub(), -1, Integer::sum);
	}

	/** A letter takes so many bytes more than before, or fewer. */
	void grown(int more) {
		bytes.addAndGet(more);
	}

	void clear() {
		byHub.clear();
		bytes.set(0);
	}

	long bytes() {
		return bytes.get();
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
