package dev.hawser.cluster;

import dev.hawser.push.RemotePush.Trouble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Knows every letter that a node has sent, has written into an inbox or has read, and notes what must not be. */
final class SimulatedPost {
	/** After this time a node that was buried writes nothing, even if it knows nothing of it: nor what it has begun to write before. */
	private static final long FALLS_SILENT = ClusterNodes.DOUBT + 2 * BeatTimes.BEAT;

	private final SimulatedTime time;
	private final SimulatedRedis redis;
	private final List<String> wrong;
	private final Map<Long, Sent> letters = new HashMap<>();
	/** By receiver and sender. */
	private final Map<String, Map<String, Way>> ways = new HashMap<>();
	private long last;
	private long lost;

	/** A letter, whose sender is told once what has become of it. */
	static final class Sent {
		final long number;
		/** The process that has sent it. */
		private final String process;
		/** The only node that it is for; null when there are several. */
		private final @Nullable String only;
		/** The nodes whose inboxes have or had it. */
		private final Set<String> written = new HashSet<>();
		private final Set<String> read = new HashSet<>();
		/** The nodes in whose inboxes it was written when all others knew that its sender was dead. */
		private final Set<String> inVain = new HashSet<>();
		private boolean ended;
		private boolean denied;

		Sent(long number, String process, @Nullable String only) {
			this.number = number;
			this.process = process;
			this.only = only;
		}
	}

	/** From one node to another, both under the names they had. */
	private static final class Way {
		/** As they were first written: that with number n has index n - 1. */
		private final List<byte[]> batches = new ArrayList<>();
		private final List<long[]> contents = new ArrayList<>();
		/** Number of the last batch that was read, or is known to be missing. */
		private long known;
		/** How many letters of the batch that is read now have been read. */
		private int readOfBatch;
		private long lastLetter;
	}

	SimulatedPost(SimulatedTime time, SimulatedRedis redis, List<String> wrong) {
		this.time = time;
		this.redis = redis;
		this.wrong = wrong;
	}

	private Way way(String from, String to) {
		return ways.computeIfAbsent(to, _ -> new HashMap<>()).computeIfAbsent(from, _ -> new Way());
	}

	Sent begin(String process, @Nullable String only) {
		Sent sent = new Sent(++last, process, only);
		letters.put(sent.number, sent);
		return sent;
	}

	private Sent letter(long number) {
		return Objects.requireNonNull(letters.get(number));
	}

	/** The sender is told what has become of the letter. */
	void ended(String self, Sent letter, Outgoing outcome) {
		if (letter.ended) {
			wrong.add(self + " is told twice of letter " + letter.number);
		}
		letter.ended = true;
		for (String node : outcome.nodes()) {
			if (!letter.written.contains(node)) {
				wrong.add(self + " is told that " + node + " has letter " + letter.number + ", which was never written");
			}
			if (letter.inVain.contains(node)) {
				wrong.add(
						self + " is told that " + node + " has letter " + letter.number + ", which is of one that was buried long before");
			}
		}
		boolean refused = outcome.trouble() == Trouble.AWAY || outcome.trouble() == Trouble.OVERLOADED;
		letter.denied = letter.only != null && outcome.nodes().isEmpty() && refused;
		if (letter.denied && !letter.read.isEmpty()) {
			wrong.add(self + " is told " + outcome.trouble() + " for letter " + letter.number + ", which " + letter.only + " has read");
		}
	}

	/** Redis has taken a batch. */
	void appended(String to, byte[] bytes) {
		Batch batch = Batch.read(bytes);
		if (batch.link() == 0) {
			return;
		}
		Way way = way(batch.source(), to);
		int index = (int) batch.link() - 1;
		if (index < way.batches.size()) {
			if (!Arrays.equals(way.batches.get(index), bytes)) {
				wrong.add(batch.source() + " writes two batches with number " + batch.link() + " to " + to);
			}
			return;
		}
		if (index > way.batches.size()) {
			wrong.add(batch.source() + " writes batch " + batch.link() + " to " + to + " before the one before");
			return;
		}
		long[] contents = batch.letters().stream().map(Letter::read)
				.mapToLong(letter -> letter instanceof Letter.Failed one ? one.number() : 0)
				.toArray();
		way.batches.add(bytes);
		way.contents.add(contents);
		boolean inVain = redis.isBuriedBefore(batch.source(), time.now() - FALLS_SILENT);
		for (long number : contents) {
			if (number != 0) {
				letter(number).written.add(to);
			}
			if (number != 0 && inVain) {
				letter(number).inVain.add(to);
			}
		}
	}

	/**
	 * A node reads a letter.
	 *
	 * @param batch  number of its batch
	 * @param letter its number; 0 for one that says nothing
	 */
	void read(String self, String source, long batch, long letter) {
		Way way = way(source, self);
		if (batch > way.known + 1) {
			wrong.add(self + " reads batch " + batch + " of " + source + " after " + way.known + ", and does not know what is missing");
		}
		if (batch != way.known) {
			isWhole(self, source, way);
			way.known = batch;
			way.readOfBatch = 0;
		}
		way.readOfBatch++;
		if (batch > way.contents.size()) {
			wrong.add(self + " reads batch " + batch + " of " + source + ", which was never written");
		}
		if (letter == 0) {
			return;
		}
		if (letter <= way.lastLetter) {
			wrong.add(self + " reads letter " + letter + " of " + source + " after " + way.lastLetter);
		}
		way.lastLetter = Math.max(letter, way.lastLetter);
		Sent sent = letter(letter);
		sent.read.add(self);
		if (sent.denied) {
			wrong.add(self + " reads letter " + letter + " of " + source + ", who was told that it would not");
		}
	}

	private void isWhole(String self, String source, Way way) {
		if (way.readOfBatch > 0 && way.known > 0 && way.contents.get((int) way.known - 1).length != way.readOfBatch) {
			wrong.add(self + " reads " + way.readOfBatch + " letters of batch " + way.known + " of " + source);
		}
	}

	/**
	 * A node says that batches are missing.
	 *
	 * @param next number of the batch that comes next
	 */
	void lost(String self, String source, long batches, long next) {
		Way way = way(source, self);
		isWhole(self, source, way);
		if (next != way.known + batches + 1) {
			wrong.add(self + " misses " + batches + " batches of " + source + " before " + next + ", after " + way.known);
		}
		way.known = next - 1;
		way.readOfBatch = 0;
		lost += batches;
	}

	/** Everything has come, or is known to be missing. */
	void checkAllKnown(Set<String> live, String when) {
		for (String to : new TreeSet<>(live)) {
			ways.getOrDefault(to, Map.of()).forEach((from, way) -> {
				if (live.contains(from) && way.known != way.batches.size()) {
					wrong.add(when + ", " + to + " knows of " + way.known + " of " + way.batches.size() + " batches of " + from);
				}
			});
		}
	}

	/** @param counted by the metric */
	void checkCount(long counted) {
		if (counted != lost) {
			wrong.add(lost + " batches are known to be missing, and " + counted + " are counted");
		}
	}

	@Override
	public String toString() {
		return letters.size() + " letters, " + letters.values().stream().mapToInt(letter -> letter.read.size()).sum() + " read, " + lost
				+ " batches lost";
	}

	/** Each of these processes has been told what became of its letters. */
	void checkAllEnded(Set<String> processes) {
		letters.values().stream().filter(letter -> !letter.ended && processes.contains(letter.process))
				.forEach(letter -> wrong.add(letter.process + " is never told what became of letter " + letter.number));
	}

	/** Whether the letter has got to all of these nodes, and its sender knows that. */
	void checkArrived(Sent letter, Set<String> to) {
		if (!letter.ended || !letter.read.containsAll(to)) {
			wrong.add("when all is well again, letter " + letter.number + " is for " + new TreeSet<>(to) + " and was read by "
					+ new TreeSet<>(letter.read));
		}
	}
}
