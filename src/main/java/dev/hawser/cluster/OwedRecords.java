package dev.hawser.cluster;

import dev.hawser.webhook.EventStore.Kept;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records that this node keeps in one hash of Redis, and which of them have changed since they were written. Writes are absolute, so
 * that each can be repeated; one batch is under way at a time, and one that failed goes first again. Does no I/O; used under its
 * store's lock.
 */
final class OwedRecords {
	static final int MOST_IN_BATCH = 256;

	/** Whose hash it is. */
	private final String home;
	/** The node that writes for the dead owner; empty when the owner writes. */
	private final String heir;
	private final Map<String, OwedRecord> byName = new LinkedHashMap<>();
	private final Deque<OwedRecord> queue = new ArrayDeque<>();
	private @Nullable OwedBatch underWay;
	private long lastBatch;
	private long confirmed;
	private boolean check;
	private boolean closed;

	/** @param heir the node that writes for the dead owner; empty when the owner writes */
	OwedRecords(String home, String heir) {
		this.home = home;
		this.heir = heir;
	}

	String home() {
		return home;
	}

	/** Writes a batch. */
	CompletionStage<Optional<OwedMark>> write(OwedBatch batch, OwedRedis redis) {
		return heir.isEmpty() ? redis.keep(home, batch) : redis.keepAsHeir(home, heir, batch);
	}

	@Nullable
	OwedRecord get(String name) {
		return byName.get(name);
	}

	Collection<OwedRecord> all() {
		return byName.values();
	}

	boolean isEmpty() {
		return byName.isEmpty();
	}

	/** Records that wait to be written. */
	int waiting() {
		return queue.size() + (underWay == null ? 0 : underWay.puts().size() + underWay.removes().size());
	}

	/** The record shall have what this entry says. */
	OwedRecord put(Kept kept) {
		OwedRecord record = byName.computeIfAbsent(kept.name(), OwedRecord::new);
		record.kept = kept;
		enqueue(record);
		return record;
	}

	/** As {@link #put}, for a record that Redis has already. */
	void putAgain(Kept kept) {
		put(kept).firstBatch = Math.max(1, lastBatch);
	}

	/** The record shall not be there. */
	void remove(OwedRecord record) {
		record.kept = null;
		if (record.wasSent()) {
			enqueue(record);
		}
		else {
			byName.remove(record.name);
			record.landed(true);
		}
	}

	/** A record of this name, which is not known here, shall not be there. */
	void removeUnknown(String name) {
		OwedRecord record = byName.computeIfAbsent(name, OwedRecord::new);
		record.firstBatch = Math.max(1, lastBatch);
		remove(record);
	}

	private void enqueue(OwedRecord record) {
		if (!record.queued) {
			record.queued = true;
			queue.add(record);
		}
	}

	/** What is to be written next; null for nothing, or while a batch is under way. */
	@Nullable
	OwedBatch next() {
		if (underWay != null || closed || (queue.isEmpty() && !check)) {
			return null;
		}
		check = false;
		lastBatch++;
		OwedBatch batch = new OwedBatch(lastBatch, confirmed, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
		while (!queue.isEmpty() && batch.puts().size() + batch.removes().size() < MOST_IN_BATCH) {
			take(queue.remove(), batch);
		}
		underWay = batch;
		return batch;
	}

	private static void take(OwedRecord record, OwedBatch batch) {
		record.queued = false;
		if (record.landing != null) {
			batch.waiting().add(record.landing);
			record.landing = null;
		}
		if (record.kept != null) {
			record.firstBatch = record.wasSent() ? record.firstBatch : batch.number();
			batch.puts().add(record);
		}
		else if (record.wasSent()) {
			batch.removes().add(record);
		}
	}

	/**
	 * Redis has the batch.
	 *
	 * @param settled given each record whose content of now is in Redis
	 */
	void landed(OwedBatch batch, Consumer<OwedRecord> settled) {
		underWay = null;
		confirmed = batch.number();
		for (OwedRecord record : batch.removes()) {
			if (record.kept == null) {
				byName.remove(record.name, record);
				settled.accept(record);
			}
		}
		batch.puts().stream().filter(record -> !record.queued).forEach(settled);
		batch.waiting().forEach(waiting -> waiting.complete(true));
	}

	/** It is not known whether Redis has the batch: its changes go first in the next one. */
	void failed(OwedBatch batch) {
		underWay = null;
		List<OwedRecord> again = new ArrayList<>(batch.removes());
		again.addAll(batch.puts());
		for (OwedRecord record : again) {
			if (record.queued) {
				queue.remove(record);
			}
			record.queued = true;
		}
		again.reversed().forEach(queue::addFirst);
		batch.waiting().forEach(waiting -> waiting.complete(false));
	}

	/** Records that are not in Redis as they are now. */
	List<OwedRecord> unwritten() {
		return List.copyOf(queue);
	}

	/** Whether Redis still has what was written is asked by a batch, even if that has no record. */
	void check() {
		check = true;
	}

	/** Redis may have lost them: all records are written again. */
	void writeAll() {
		confirmed = 0;
		byName.values().forEach(this::enqueue);
	}

	/** From now on no batch is made: another node has the right to write them. */
	void close() {
		closed = true;
	}

	/** The records are kept elsewhere from now on, and an answer that is still to come says nothing of them. What is removed stays. */
	void letGo() {
		byName.values().removeIf(record -> record.kept != null);
		queue.removeIf(record -> record.kept != null);
	}

	boolean isClosed() {
		return closed;
	}

	/** Number of the last batch that Redis has confirmed, and has not lost since as far as is known; 0 for none. */
	long confirmed() {
		return confirmed;
	}

	/**
	 * Takes out the records that Redis has if it has all batches up to this one, and no others.
	 *
	 * @param last number of the last batch
	 */
	List<OwedRecord> takeUpTo(long last) {
		List<OwedRecord> taken = byName.values().stream().filter(record -> record.wasSent() && record.firstBatch <= last).toList();
		taken.forEach(record -> byName.remove(record.name));
		return taken;
	}
}
