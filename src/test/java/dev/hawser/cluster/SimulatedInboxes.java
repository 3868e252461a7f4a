package dev.hawser.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The inboxes of all nodes, as Redis holds them: streams, whose ids rise as long as a stream is there. */
final class SimulatedInboxes {
	static final Bounds USUAL = new Bounds(LettuceRedis.MOST_ENTRIES, LettuceRedis.MOST_BYTES);

	private Map<String, Stream> streams = new HashMap<>();

	private record Held(long millis, long number, Redis.Entry entry) {
	}

	private static final class Stream {
		private final ArrayList<Held> entries = new ArrayList<>();
		private long millis;
		private long number;
		private long bytes;

		Stream copy() {
			Stream copy = new Stream();
			copy.entries.addAll(entries);
			copy.millis = millis;
			copy.number = number;
			copy.bytes = bytes;
			return copy;
		}
	}

	/** Most entries of an inbox, and most bytes. */
	record Bounds(int entries, long bytes) {
	}

	/** @param clock of Redis, in milliseconds */
	boolean append(String node, byte[] batch, long clock, Bounds bounds) {
		Stream stream = streams.computeIfAbsent(node, _ -> new Stream());
		if (!stream.entries.isEmpty() && (stream.entries.size() >= bounds.entries || stream.bytes + batch.length > bounds.bytes)) {
			return false;
		}
		stream.number = clock > stream.millis ? 0 : stream.number + 1;
		stream.millis = Math.max(clock, stream.millis);
		stream.bytes += batch.length;
		stream.entries.add(new Held(stream.millis, stream.number, new Redis.Entry(stream.millis + "-" + stream.number, batch)));
		return true;
	}

	/** At most so many entries behind the one with this id. */
	List<Redis.Entry> after(String node, String id, int most) {
		Stream stream = streams.get(node);
		if (stream == null || stream.entries.isEmpty()) {
			return List.of();
		}
		int first = indexOf(stream, id, false);
		List<Redis.Entry> found = new ArrayList<>();
		for (int i = first; i < stream.entries.size() && found.size() < most; i++) {
			found.add(stream.entries.get(i).entry);
		}
		return found;
	}

	/** The index of the first entry behind an id, or that has it. */
	private static int indexOf(Stream stream, String id, boolean itself) {
		int dash = id.indexOf('-');
		long millis = Long.parseLong(id, 0, dash, 10);
		long number = Long.parseLong(id, dash + 1, id.length(), 10);
		int first = stream.entries.size();
		while (first > 0) {
			Held before = stream.entries.get(first - 1);
			int order = before.millis == millis ? Long.compare(before.number, number) : Long.compare(before.millis, millis);
			if (order < 0 || (order == 0 && !itself)) {
				break;
			}
			first--;
		}
		return first;
	}

	/** Removes the entries before the one with this id. Returns how many are left. */
	long trim(String node, String before, long bytes) {
		Stream stream = streams.get(node);
		if (stream == null) {
			return 0;
		}
		stream.entries.subList(0, indexOf(stream, before, true)).clear();
		stream.bytes = stream.entries.isEmpty() ? 0 : Math.max(0, stream.bytes - bytes);
		return stream.entries.size();
	}

	/** Another program removes all entries, and perhaps the stream. */
	void clear(String node, boolean itself) {
		Stream stream = streams.get(node);
		if (stream != null && itself) {
			streams.remove(node);
		}
		else if (stream != null) {
			stream.entries.clear();
		}
	}

	void lose() {
		streams.clear();
	}

	SimulatedInboxes copy() {
		SimulatedInboxes copy = new SimulatedInboxes();
		streams.forEach((node, stream) -> copy.streams.put(node, stream.copy()));
		return copy;
	}

	void fallBackTo(SimulatedInboxes copy) {
		streams = copy.copy().streams;
	}
}
