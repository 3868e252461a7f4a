package dev.hawser.cluster;

import dev.hawser.webhook.EventStore.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to Redis: this node's own, and those that it has inherited. After a failure nothing is written until the next tick, and
 * what would be is bridged. A node that was buried leaves to its heir the records that Redis has, and takes those that Redis never got
 * with it into its new life. Used under its store's lock, which it takes when Redis answers.
 */
final class OwedWriter {
	private static final Logger LOG = LoggerFactory.getLogger(OwedWriter.class);
	/** Ticks for which Redis lets another write in this node's place, although this node does not know of its burial. */
	private static final int TICKS_IN_DOUBT = 10;
	private static final int TICKS_PER_CHECK = 10; // of whether Redis still has what it has confirmed
	/** Between the name of a node and a number, in the name of a hash; no name of a node has it. */
	static final String AGAIN = "~";

	private final OwedRedis redis;
	private final Bridge bridge;
	private final Estates estates;
	private final OwedLock lock;
	/** The records of this node under its earlier names, of which it is not known yet which ones Redis has. */
	private final List<OwedRecords> sealed = new ArrayList<>();
	private OwedRecords own;
	private boolean announced;
	private boolean announcing;
	private boolean failing;
	/** Whether the log says that writing fails. */
	private boolean told;
	private int inDoubt;
	private int ticks;
	private final Sweep sweep;

	OwedWriter(OwedRedis redis, String self, Bridge bridge, Estates estates, OwedLock lock) {
		this.redis = redis;
		this.bridge = bridge;
		this.estates = estates;
		this.lock = lock;
		this.own = new OwedRecords(self, "");
		this.sweep = new Sweep(redis, lock);
	}

	OwedRecords own() {
		return own;
	}

	boolean isFailing() {
		return told;
	}

	/** Those that have the record; this node's own if it is new. */
	OwedRecords with(String name) {
		assert lock.isHeld();
		OwedRecords inherited = estates.with(name);
		return inherited != null ? inherited : sealed.stream().filter(old -> old.get(name) != null).findFirst().orElse(own);
	}

	@Nullable
	OwedRecord find(String name) {
		return with(name).get(name);
	}

	void put(Kept entry) {
		OwedRecords records = with(entry.name());
		write(records, records.put(entry));
	}

	/** As {@link #put}. The future tells when the record is in Redis: true, or cannot be written now: false. */
	CompletableFuture<Boolean> putAwaited(Kept entry) {
		OwedRecords records = with(entry.name());
		OwedRecord record = records.put(entry);
		CompletableFuture<Boolean> landing = record.landing();
		write(records, record);
		return landing;
	}

	private void write(OwedRecords records, OwedRecord record) {
		if (failing) {
			bridge.keep(record, records.home());
			record.landed(false);
		}
		else {
			flush(records);
		}
	}

	void remove(Kept entry) {
		OwedRecords records = with(entry.name());
		OwedRecord record = records.get(entry.name());
		if (record != null) {
			records.remove(record);
			bridge.forget(record);
			flush(records);
		}
	}

	/** Writes what waits. */
	void tick() {
		failing = false;
		flush(own);
		estates.mine().forEach(estate -> flush(Objects.requireNonNull(estate.records)));
		List.copyOf(sealed).forEach(this::settle);
		sweep.turn(own);
		if (++ticks % TICKS_PER_CHECK == 0 && announced) {
			own.check();
			flush(own);
		}
		inDoubt = own.isClosed() ? inDoubt + 1 : 0;
		if (inDoubt > TICKS_IN_DOUBT) {
			rename(nextHome(own.home()));
		}
	}

	/** The hash of a node after this one, which has another heir although the node lives. */
	static String nextHome(String home) {
		int again = home.indexOf(AGAIN);
		return again < 0 ? home + AGAIN + 1 : home.substring(0, again + 1) + (Integer.parseInt(home.substring(again + 1)) + 1);
	}

	private void flush(OwedRecords records) {
		assert lock.isHeld();
		if (failing) {
			return;
		}
		if (records == own && !announced) {
			announce();
			return;
		}
		OwedBatch batch = records.next();
		if (batch != null) {
			var _ = records.write(batch, redis).whenComplete(lock.then((mark, failure) -> {
				if (failure == null) {
					written(records, batch, mark);
				}
				else {
					records.failed(batch);
					failed(failure);
				}
			}));
		}
	}

	/** Before the first record is written: a node that looks for records finds this one then. */
	private void announce() {
		if (!announcing && own.waiting() > 0) {
			announcing = true;
			OwedRecords records = own;
			var _ = redis.announce(own.home()).whenComplete(lock.then((_, failure) -> announced(records, failure)));
		}
	}

	private void announced(OwedRecords records, @Nullable Throwable failure) {
		announcing = false;
		if (failure != null) {
			failed(failure);
			return;
		}
		announced = records == own;
		flush(own);
	}

	private void written(OwedRecords records, OwedBatch batch, Optional<OwedMark> mark) {
		if (mark.isEmpty()) {
			records.landed(batch, bridge::forget);
			succeeded();
			flush(records);
		}
		else if (mark.get().isOfLoss()) {
			records.failed(batch);
			LOG.warn("Redis has lost some of what is owed to backends: this node writes everything again");
			writeAll();
		}
		else {
			records.close();
			leave(records, mark.get().lastBatch());
			estates.lost(records, mark.get());
			records.failed(batch);
		}
	}

	private void failed(Throwable failure) {
		failing = true;
		for (OwedRecord record : own.unwritten()) {
			if (record.bridge == null) {
				bridge.keep(record, own.home());
			}
			record.landed(false);
		}
		if (!told) {
			told = true;
			LOG.warn("What is owed to backends cannot be written to Redis ({}): until it can, it is {}",
					RedisFailure.of(failure).word(),
					bridge.isDurable() ? "in hawser.webhooks.folder" : "in the memory of this node, and lost with it");
		}
	}

	private void succeeded() {
		if (told) {
			told = false;
			LOG.info("What is owed to backends is written to Redis again");
		}
	}

	/** This node was buried, and has another name now. */
	void rename(String now) {
		OwedRecords old = own;
		old.close();
		sealed.add(old);
		leave(old, old.confirmed());
		own = new OwedRecords(now, "");
		announced = false;
		sweep.end();
		inDoubt = 0;
		settle(old);
	}

	/** Finds out which records of an earlier name Redis has. */
	private void settle(OwedRecords old) {
		var _ = redis.seal(old.home()).whenComplete(lock.then((mark, _) -> {
			if (mark != null && sealed.remove(old)) {
				leave(old, mark.lastBatch());
				old.all().forEach(this::bring);
				flush(own);
			}
		}));
	}

	/** The heir has these: from now on this node says nothing for them. */
	private void leave(OwedRecords old, long lastBatch) {
		for (OwedRecord record : old.takeUpTo(lastBatch)) {
			bridge.forget(record);
			record.handOver();
		}
	}

	/** The record is one of this node's own from now on. */
	private void bring(OwedRecord record) {
		bridge.forget(record);
		if (record.kept != null) {
			OwedRecord fresh = own.put(record.kept);
			fresh.landing = record.landing;
			if (failing) {
				bridge.keep(fresh, own.home());
				fresh.landed(false);
			}
		}
	}

	/** An entry that an earlier process has left in the local store, under this name, is one of this node's own. */
	void adopt(Kept entry, String localName) {
		own.put(entry).bridge = localName;
		flush(own);
	}

	/** What this node knows is written again, what it has inherited as its own. */
	void writeAll() {
		announced = false;
		sweep.begin();
		own.writeAll();
		for (Estate estate : estates.mine()) {
			OwedRecords inherited = Objects.requireNonNull(estate.records);
			inherited.all().forEach(this::bring);
			inherited.letGo();
		}
		estates.forgetAll();
		flush(own);
	}

	/** Whether something is on its way to Redis. */
	boolean isWriting() {
		flush(own);
		return own.waiting() > 0 && !failing && !own.isClosed();
	}
}
