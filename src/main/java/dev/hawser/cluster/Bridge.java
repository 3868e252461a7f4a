package dev.hawser.cluster;

import dev.hawser.webhook.EventStore;
import dev.hawser.webhook.EventStore.Heir;
import dev.hawser.webhook.EventStore.Kept;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps in the local store what cannot be written to Redis at the moment. A name there is {@code name@home@first batch}, by which the
 * next process finds out whether an heir has the record already. Used under its store's lock, but for the methods that say otherwise.
 */
final class Bridge {
	private static final String SEPARATOR = "@";

	private final EventStore local;
	/** What an earlier process has left in the local store, by its name there. */
	private final Map<String, byte[]> left = new LinkedHashMap<>();
	private final Set<String> claimed = new LinkedHashSet<>();

	Bridge(EventStore local) {
		this.local = local;
	}

	/** An entry as the local store has it. */
	private record Local(String name, byte[] content) implements Kept {
		private static final byte[] NONE = new byte[0];

		@Override
		public void handedOver() {
			// the local store is this node's alone
		}
	}

	/**
	 * Whose record it is that is left.
	 *
	 * @param home       hash of the process that has left it; empty when there was no cluster
	 * @param firstBatch as of {@link OwedRecord}
	 */
	record Left(String name, String home, long firstBatch) {
		static Left of(String localName) {
			String[] parts = localName.split(SEPARATOR, -1);
			return parts.length == 3 && parts[2].matches("[0-9]{1,18}") ? new Left(parts[0], parts[1], Long.parseLong(parts[2]))
					: new Left(localName, "", 0);
		}

		/** Whether it is certain that Redis does not have it. */
		boolean isHereOnly() {
			return home.isEmpty() || firstBatch == 0;
		}
	}

	boolean isDurable() {
		return local.isDurable();
	}

	long size() {
		return local.size();
	}

	/** Keeps the record as it is now. */
	void keep(OwedRecord record, String home) {
		if (record.kept != null) {
			record.bridge = record.bridge == null ? record.name + SEPARATOR + home + SEPARATOR + record.firstBatch : record.bridge;
			local.put(new Local(record.bridge, record.kept.content()));
		}
	}

	/** The record needs no bridge any more. */
	void forget(OwedRecord record) {
		if (record.bridge != null) {
			remove(record.bridge);
			record.bridge = null;
		}
	}

	/** Blocks until the record is durable. Not under the lock; {@link #forget} may come meanwhile, and is to be repeated then. */
	void awaitDurable(String bridge, Kept kept) throws InterruptedException {
		local.putDurably(new Local(bridge, kept.content()));
	}

	void remove(String localName) {
		local.remove(new Local(localName, Local.NONE));
	}

	/** Reads what an earlier process has left. */
	void start() {
		local.start(new Heir() {
			@Override
			public Kept inherit(String name, byte[] content) {
				left.put(name, content);
				return new Local(name, content);
			}

			@Override
			public boolean hasRoom() {
				return true;
			}
		});
	}

	/** Names of what an earlier process has left. */
	Map<String, byte[]> left() {
		return left;
	}

	/** Redis has said whether an heir has it. */
	void decided(String localName, boolean mine) {
		if (mine && left.containsKey(localName)) {
			claimed.add(localName);
		}
		else if (left.remove(localName) != null) {
			remove(localName);
		}
	}

	/** What is left and belongs to this process. */
	Set<String> claimed() {
		return claimed;
	}

	/** The content of what is left, which is left no more. */
	byte[] take(String localName) {
		claimed.remove(localName);
		return Objects.requireNonNull(left.remove(localName));
	}

	void close() {
		local.close();
	}
}
