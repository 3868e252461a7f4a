package dev.hawser.webhook;

import dev.hawser.webhook.Event.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps entries in a file. Changes are written and synced in groups. When the disk fails or the file is full, the server works on
 * with what it has in memory, and says so once.
 */
final class FileEventStore implements EventStore {
	/** The version of what is in the file. A file with a higher one is of a newer Hawser. */
	static final int FORMAT = 1;
	static final String FILE = "webhook-events.mv";
	private static final Logger LOG = LoggerFactory.getLogger(FileEventStore.class);
	private static final JsonMapper JSON = JsonMapper.shared();
	/** Space of old entries is used again by the next commit: each commit is synced before the next one begins. */
	private static final int RETENTION_MILLIS = 0;
	private static final int CACHE_MEGABYTES = 4;
	private static final int TARGET_FILL_RATE = 60;
	private static final int COMPACTION_BYTES = 1024 * 1024;
	private static final int COMMITS_PER_COMPACTION = 100;

	private final MVStore store;
	private final MVMap<String, byte[]> entries;
	private final long largest;
	private final Consumer<MVStore> sync;
	private final GroupCommit commits;
	private final AtomicBoolean full = new AtomicBoolean();
	private volatile boolean broken;
	private volatile boolean closed;
	private int committed;

	/**
	 * @param largest most bytes of the file
	 * @throws IllegalArgumentException with a sentence that begins with the property, when the folder or the file cannot be used
	 */
	FileEventStore(Path folder, long largest) {
		this(folder, largest, MVStore::sync);
	}

	/** @param sync makes what is written survive a power failure */
	FileEventStore(Path folder, long largest, Consumer<MVStore> sync) {
		this.sync = sync;
		this.store = open(folder);
		this.largest = largest;
		this.entries = store.openMap("entries",
				new MVMap.Builder<String, byte[]>().keyType(StringDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
		this.commits = new GroupCommit(this::commit);
	}

	private static MVStore open(Path folder) {
		Path file = folder.resolve(FILE);
		try {
			Files.createDirectories(folder);
			MVStore store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().cacheSize(CACHE_MEGABYTES).open();
			if (store.getStoreVersion() > FORMAT) {
				int version = store.getStoreVersion();
				store.closeImmediately();
				throw unusable("has a file of version " + version + ", and this Hawser reads up to version " + FORMAT
						+ ": use the newer Hawser until all its events are delivered, or move " + FILE + " away", null);
			}
			store.setStoreVersion(FORMAT);
			store.setVersionsToKeep(0);
			store.setRetentionTime(RETENTION_MILLIS);
			return store;
		}
		catch (IOException e) {
			throw unusable("cannot be made or written", e);
		}
		catch (MVStoreException e) {
			throw unusable(switch (e.getErrorCode()) {
				case DataUtils.ERROR_FILE_LOCKED -> "is in use by another process: give each its own";
				case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "has a file in a format that this Hawser does not read: move " + FILE + " away";
				case DataUtils.ERROR_FILE_CORRUPT -> "has a file that is damaged: move " + FILE + " away, and its events are lost";
				default -> "cannot be read or written";
			}, e);
		}
	}

	private static IllegalArgumentException unusable(String why, @Nullable Exception cause) {
		return new IllegalArgumentException("hawser.webhooks.folder " + why + '.', cause);
	}

	@Override
	public void put(Entry entry) {
		CompletableFuture<Void> _ = kept(entry);
	}

	@Override
	public void putDurably(Entry entry) throws InterruptedException {
		GroupCommit.await(kept(entry));
	}

	private CompletableFuture<Void> kept(Entry entry) {
		return change(() -> {
			if (hasRoom() || entries.containsKey(entry.of().uniqueId())) {
				entries.put(entry.of().uniqueId(), JSON.writeValueAsBytes(entry));
			}
		});
	}

	@Override
	public void remove(Origin of) {
		CompletableFuture<Void> _ = change(() -> entries.remove(of.uniqueId()));
	}

	/** Makes the change; the future completes when it is durable, or cannot be made so. */
	private CompletableFuture<Void> change(Runnable change) {
		if (!broken && !closed) {
			try {
				change.run();
				return commits.changed();
			}
			catch (MVStoreException e) {
				if (!closed) {
					broke(e);
				}
			}
		}
		return CompletableFuture.completedFuture(null);
	}

	private boolean hasRoom() {
		boolean room = store.getFileStore().size() < largest;
		if (!room && !full.getAndSet(true)) {
			LOG.error(
					"hawser.webhooks.folder has {} bytes, which is hawser.webhooks.max-size: new connections are kept in memory only, and what"
							+ " is left of them is lost with this process",
					store.getFileStore().size());
		}
		if (room) {
			full.set(false);
		}
		return room;
	}

	private void commit() {
		try {
			store.commit();
			sync.accept(store);
			if (++committed % COMMITS_PER_COMPACTION == 0) {
				store.compact(TARGET_FILL_RATE, COMPACTION_BYTES);
			}
		}
		catch (RuntimeException e) {
			broke(e);
			throw e;
		}
	}

	private void broke(RuntimeException failure) {
		if (!broken) {
			broken = true;
			LOG.error("hawser.webhooks.folder cannot be written any more: from now on events are kept in memory only, until the server is"
					+ " restarted", failure);
		}
	}

	@Override
	public Map<String, Entry> left() {
		Map<String, Entry> left = new LinkedHashMap<>();
		entries.forEach((id, json) -> {
			try {
				left.put(id, JSON.readValue(json, Entry.class));
			}
			catch (JacksonException e) {
				LOG.error("An entry of hawser.webhooks.folder cannot be read and is skipped");
			}
		});
		return left;
	}

	@Override
	public boolean isDurable() {
		return !broken;
	}

	@Override
	public void close() {
		closed = true;
		commits.close();
		if (broken) {
			store.closeImmediately();
		}
		else {
			store.close();
		}
	}
}
