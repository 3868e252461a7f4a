package dev.hawser.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the inbox of this node, entry by entry: drops what has come before, knows what is missing, and leaves out what it cannot read.
 * Nothing stops it. Used by one thread, which is its own.
 */
final class Inbox {
	private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
	private static final String START = "0-0";
	private static final long PAUSE = Duration.ofMillis(200).toNanos();
	private static final long BETWEEN_TRIMS = Duration.ofSeconds(2).toNanos();
	/** Read entries stay for this time, as far as there is room, for those who take over from this node. */
	private static final long KEPT_MILLIS = 60_000;

	/** What reads letters. Called on the thread of the inbox, in order. */
	interface Reader {
		void read(String source, Letter letter);

		/** Batches from a node are missing. */
		void lost(String source, long batches);
	}

	private final ClusterNodes nodes;
	private final String node;
	private final Redis redis;
	private final Executor thread;
	private final LongSupplier clock;
	private final Reader reader;
	private final ClusterMeters meters;
	private final Map<String, Long> numbers = new HashMap<>();
	private final Set<String> told = new HashSet<>();
	private final ArrayDeque<Kept> kept = new ArrayDeque<>();
	private long keptBytes;
	private String cursor = START;
	private boolean underWay;
	private boolean trimming;
	private long notBefore;
	private long nextTrim;
	private volatile boolean closed;

	/** An entry that has been read. */
	private record Kept(String id, int bytes) {
	}

	/** The inbox that belongs to the name that this node has now. */
	Inbox(ClusterNodes nodes, Redis redis, Executor thread, LongSupplier clock, Reader reader, ClusterMeters meters) {
		this.nodes = nodes;
		this.node = nodes.self();
		this.redis = redis;
		this.thread = thread;
		this.clock = clock;
		this.reader = reader;
		this.meters = meters;
		this.notBefore = clock.getAsLong();
		this.nextTrim = notBefore + BETWEEN_TRIMS;
	}

	/** Called about ten times a second, on the inbox's thread. */
	void tick() {
		long now = clock.getAsLong();
		if (!closed && !underWay && now - notBefore >= 0) {
			next();
		}
		if (!closed && !trimming && now - nextTrim >= 0) {
			nextTrim = now + BETWEEN_TRIMS;
			trim();
		}
	}

	/** The node has another name, and another inbox. */
	void close() {
		closed = true;
	}

	/** Redis may have lost entries, and count them anew: everything that is there is read again, and known by its number. */
	void readAgain() {
		thread.execute(() -> {
			cursor = START;
			kept.clear();
			keptBytes = 0;
		});
	}

	private void next() {
		underWay = true;
		String from = cursor;
		var _ = redis.read(node, from).whenCompleteAsync((entries, _) -> {
			underWay = false;
			if (entries == null) {
				notBefore = clock.getAsLong() + PAUSE;
			}
			else if (from.equals(cursor)) {
				entries.forEach(this::take);
			}
			if (entries != null && !closed) {
				next();
			}
		}, thread);
	}

	private void take(Redis.Entry entry) {
		if (closed) {
			return;
		}
		cursor = entry.id();
		byte[] bytes = entry.batch();
		int size = bytes == null ? 0 : bytes.length;
		kept.add(new Kept(entry.id(), size));
		keptBytes += size;
		if (bytes == null) {
			skip("foreign", "It has been written by another program");
			return;
		}
		try {
			take(Batch.read(bytes));
		}
		catch (UnreadableException e) {
			skip("unreadable", String.valueOf(e.getMessage()));
		}
	}

	private void skip(String why, String sentence) {
		meters.skipped(why);
		tell(why + sentence, "An entry of this node's inbox is left out: " + sentence);
	}

	/** Logs a sentence once for each cause. */
	private void tell(String cause, String sentence) {
		if (told.size() < 100 && told.add(cause)) {
			LOG.warn("{}. This is counted from now on, and not logged again", sentence);
		}
	}

	private void take(Batch batch) {
		String source = batch.source();
		if (nodes.isDead(source)) {
			meters.skipped("dead");
			return;
		}
		if (batch.link() > 0 && !isNext(source, batch.link())) {
			return;
		}
		meters.read();
		for (WireReader letter : batch.letters()) {
			read(source, letter);
		}
	}

	/** False for a batch that has come before. */
	private boolean isNext(String source, long number) {
		long last = last(source);
		if (number <= last) {
			meters.skipped("repeated");
			return false;
		}
		numbers.put(source, number);
		if (number > last + 1) {
			meters.lost(number - last - 1);
			reader.lost(source, number - last - 1);
		}
		return true;
	}

	private void read(String source, WireReader bytes) {
		try {
			Letter letter = Letter.read(bytes);
			if (letter instanceof Letter.Unknown(int kind)) {
				skip("unknown", "a letter has kind " + kind + ", which this version does not know");
			}
			else {
				reader.read(source, letter);
			}
		}
		catch (UnreadableException e) {
			skip("unreadable", String.valueOf(e.getMessage()));
		}
		catch (RuntimeException e) {
			meters.skipped("failed");
			if (told.size() < 100 && told.add(e.getClass().getName())) {
				LOG.error("A letter from {} could not be carried out", source, e);
			}
		}
	}

	/** The number of the last batch from a node; 0 for none. */
	long last(String source) {
		return numbers.getOrDefault(source, 0L);
	}

	/** A node is dead or gone: no number of it comes again. */
	void forget(String source) {
		thread.execute(() -> numbers.remove(source));
	}

	private void trim() {
		long oldest = millis(cursor) - KEPT_MILLIS;
		long bytes = 0;
		String before = null;
		while (!kept.isEmpty() && (millis(kept.element().id) < oldest || keptBytes > LettuceRedis.MOST_BYTES / 2
				|| kept.size() > LettuceRedis.MOST_ENTRIES / 2)) {
			Kept old = kept.remove();
			bytes += old.bytes;
			keptBytes -= old.bytes;
			before = kept.isEmpty() ? cursor : kept.element().id;
		}
		if (before == null) {
			return;
		}
		trimming = true;
		var _ = redis.trim(node, before, bytes).whenCompleteAsync((_, _) -> trimming = false, thread);
	}

	/** Of an id, which another program may have chosen as it likes. */
	private static long millis(String id) {
		long millis = Long.parseUnsignedLong(id.substring(0, id.indexOf('-')));
		return millis < 0 ? Long.MAX_VALUE : millis;
	}
}
