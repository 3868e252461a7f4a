package dev.hawser.webhook;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The events that could not be delivered, until an operator sends them again or discards them: in a file, or in memory when there is
 * no folder for it or its disk has failed. Bounded in bytes; the oldest make room for new ones, and are counted as lost. Safe for any
 * thread.
 */
final class DeadLetters implements Letters {
	static final String FILE = "webhook-dead-letters.mv";
	private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
	private static final JsonMapper JSON = JsonMapper.shared();
	private static final int PAGE = 500;
	private static final long MICROS_PER_MILLI = 1_000;

	/** Null when all are in memory. */
	private final @Nullable StoreFile file;
	private final @Nullable MVMap<Long, byte[]> inFile;
	private final Map<Long, byte[]> inMemory = new ConcurrentSkipListMap<>();
	private final long largest;
	private final WebhookMeters meters;
	private final ReentrantLock lock = new ReentrantLock();
	private final DeadLetterCounts counts = new DeadLetterCounts();
	private final DeadLettersLog log = new DeadLettersLog();
	private long highest;
	/** Whether the disk has failed, and what was in the file counts no more. */
	private boolean fellBack;

	/**
	 * @param folder  null to keep them in memory
	 * @param largest most bytes of all letters together
	 * @throws IllegalArgumentException with a sentence that begins with the property, when the folder or the file cannot be used
	 */
	DeadLetters(@Nullable Path folder, long largest, WebhookMeters meters) {
		this(folder == null ? null : new StoreFile(folder, FILE, MVStore::sync), largest, meters);
	}

	DeadLetters(@Nullable StoreFile file, long largest, WebhookMeters meters) {
		this.largest = largest;
		this.meters = meters;
		this.file = file;
		this.inFile = file == null ? null : file.values("letters", LongDataType.INSTANCE);
		if (inFile != null) {
			new ArrayList<>(inFile.keySet()).forEach(this::count);
			makeRoom(0);
		}
	}

	/**
	 * A letter and the name by which an operator means it.
	 *
	 * @param size bytes that it takes
	 */
	record Numbered(long id, DeadLetter letter, int size) {
	}

	private void count(long id) {
		Numbered one = get(id);
		if (one == null) {
			letters().remove(id);
			return;
		}
		highest = Math.max(highest, id);
		counts.added(one);
	}

	private static String hub(Numbered one) {
		return one.letter().event().of().hub();
	}

	/** The map in force: after a failure of the disk another one than before. */
	private Map<Long, byte[]> letters() {
		return inFile == null || file == null || file.isBroken() ? inMemory : inFile;
	}

	@Override
	public void add(List<DeadLetter> fresh) throws InterruptedException {
		GroupCommit.await(kept(fresh));
		fresh.forEach(letter -> meters.died(letter.event().of().hub(), letter.why()));
		log.add(fresh);
		lock.lock();
		try {
			if (file != null && file.isBroken() && !fellBack) {
				CompletableFuture<Void> _ = change(() -> fresh.forEach(this::put)); // the disk has failed with these letters
			}
		}
		finally {
			lock.unlock();
		}
	}

	private CompletableFuture<Void> kept(List<DeadLetter> fresh) throws InterruptedException {
		lock.lockInterruptibly();
		try {
			return change(() -> fresh.forEach(this::put));
		}
		finally {
			lock.unlock();
		}
	}

	private CompletableFuture<Void> change(Runnable change) {
		assert lock.isHeldByCurrentThread();
		if (file != null && !file.isBroken()) {
			CompletableFuture<Void> durable = file.change(change);
			if (!file.isBroken()) {
				return durable;
			}
		}
		if (file != null && !fellBack) {
			fellBack = true;
			counts.clear();
		}
		change.run();
		return CompletableFuture.completedFuture(null);
	}

	private void put(DeadLetter letter) {
		byte[] json = JSON.writeValueAsBytes(letter);
		makeRoom(json.length);
		highest = Math.max(highest + 1, letter.since().toEpochMilli() * MICROS_PER_MILLI); // unlike those of earlier processes
		letters().put(highest, json);
		counts.added(letter, json.length);
	}

	private void makeRoom(long more) {
		while (counts.bytes() + more > largest) {
			Iterator<Long> oldest = letters().keySet().iterator();
			if (!oldest.hasNext()) {
				return;
			}
			Numbered gone = drop(oldest.next());
			if (gone != null) {
				meters.lost(hub(gone), 1);
			}
		}
	}

	private @Nullable Numbered drop(long id) {
		Numbered one = get(id);
		letters().remove(id);
		if (one != null) {
			counts.removed(one);
		}
		return one;
	}

	@Override
	public boolean remove(long id) {
		lock.lock();
		try {
			boolean[] found = new boolean[1];
			CompletableFuture<Void> _ = change(() -> found[0] = drop(id) != null);
			return found[0];
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public int discard(@Nullable String hub) {
		long last = highest();
		int count = 0;
		for (List<Numbered> page = list(hub, 0, PAGE); !page.isEmpty() && page.getFirst().id() <= last; page = list(hub, 0, PAGE)) {
			for (Numbered one : page) {
				count += one.id() <= last && remove(one.id()) ? 1 : 0;
			}
		}
		return count;
	}

	@Override
	public long highest() {
		lock.lock();
		try {
			return highest;
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public void tried(long id, String result) {
		lock.lock();
		try {
			Numbered before = get(id);
			if (before != null) {
				byte[] json = JSON.writeValueAsBytes(before.letter().tried(result));
				CompletableFuture<Void> _ = change(() -> {
					letters().put(id, json);
					counts.grown(json.length - before.size());
				});
			}
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public @Nullable Numbered get(long id) {
		byte[] json = letters().get(id);
		try {
			return json == null ? null : new Numbered(id, JSON.readValue(json, DeadLetter.class), json.length);
		}
		catch (JacksonException e) {
			LOG.error("A dead letter in hawser.webhooks.folder cannot be read and is skipped");
			return null;
		}
	}

	@Override
	public List<Numbered> list(@Nullable String hub, long after, int most) {
		List<Numbered> page = new ArrayList<>();
		for (Iterator<Long> ids = after(after); ids.hasNext() && page.size() < most;) {
			Numbered one = get(ids.next());
			if (one != null && (hub == null || hub(one).equals(hub))) {
				page.add(one);
			}
		}
		return page;
	}

	private Iterator<Long> after(long id) {
		return letters() instanceof MVMap<Long, byte[]> file ? file.keyIterator(id + 1)
				: ((ConcurrentSkipListMap<Long, byte[]>) inMemory).tailMap(id, false).keySet().iterator();
	}

	@Override
	public int count(String hub) {
		return counts.of(hub);
	}

	@Override
	public Map<String, Integer> counts() {
		return counts.byHub();
	}

	@Override
	public long bytes() {
		return counts.bytes();
	}

	@Override
	public boolean isDurable() {
		return letters() != inMemory;
	}

	@Override
	public void log() {
		log.write();
	}

	@Override
	public void close() {
		log();
		if (file != null) {
			file.close();
		}
	}
}
