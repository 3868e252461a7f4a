package dev.hawser.webhook;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entry of one connection in the store. Does nothing before the first {@link #putDurably}, and nothing once another node tells of the
 * connection. Changed under the connection's lock; read by any thread.
 */
final class StoredEntry implements EventStore.Kept {
	private final EventStore store;
	private final String name;
	/** Null while the store has none. */
	private volatile @Nullable Entry entry;
	private volatile boolean handedOver;

	StoredEntry(EventStore store, String name) {
		this.store = store;
		this.name = name;
	}

	/** What the caller that gives it to the store is to write. */
	void prepare(Entry now) {
		entry = now;
	}

	/** Whether the store has it, or is to have it. */
	boolean isThere() {
		return entry != null && !handedOver;
	}

	void put(Entry now) {
		if (isThere()) {
			entry = now;
			store.put(this);
		}
	}

	/** Blocks until it is stored. */
	void putDurably(Entry now) throws InterruptedException {
		if (!handedOver) {
			entry = now;
			store.putDurably(this);
		}
	}

	void remove() {
		if (isThere()) {
			store.remove(this);
		}
	}

	@Override
	public String name() {
		return name;
	}

	@Override
	public byte[] content() {
		return Objects.requireNonNull(entry, "only what is stored has a content").json();
	}

	/** The node to which it was handed over has an entry of its own. */
	void forget() {
		if (entry != null) {
			store.remove(this);
		}
	}

	/** It has been handed over to no node after all. */
	void takeBack() {
		handedOver = false;
	}

	@Override
	public void handedOver() {
		handedOver = true;
	}

	boolean isHandedOver() {
		return handedOver;
	}
}
