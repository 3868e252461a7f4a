package dev.hawser.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file in the folder of the webhooks, in which a process keeps values for the next one. Changes are written and synced in
 * groups. After the disk has failed nothing is written any more until the next start. Safe for any thread.
 */
final class StoreFile implements AutoCloseable {
	/** The version of what is in the file. A file with a higher one is of a newer Hawser. */
	static final int FORMAT = 1;
	private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);
	/** Space of old values is used again by the next commit: each commit is synced before the next one begins. */
	private static final int RETENTION_MILLIS = 0;
	private static final int CACHE_MEGABYTES = 4;
	private static final int TARGET_FILL_RATE = 60;
	private static final int COMPACTION_BYTES = 1024 * 1024;
	private static final int COMMITS_PER_COMPACTION = 100;

	private final MVStore store;
	private final Consumer<MVStore> sync;
	private final GroupCommit commits;
	/**
	 * Changes share it, a commit has it alone: the store gives away the space of old values at once, and a change that began on them would
	 * not find them any more.
	 */
	private final ReadWriteLock turns = new ReentrantReadWriteLock();
	private volatile boolean broken;
	private volatile boolean closed;
	private int committed;

	/**
	 * @param sync makes what is written survive a power failure
	 * @throws IllegalArgumentException with a sentence that begins with the property, when the folder or the file cannot be used
	 */
	StoreFile(Path folder, String file, Consumer<MVStore> sync) {
		this.sync = sync;
		this.store = open(folder, file);
		this.commits = new GroupCommit(this::commit);
	}

	private static MVStore open(Path folder, String file) {
		try {
			Files.createDirectories(folder);
			MVStore store = new MVStore.Builder().fileName(folder.resolve(file).toString()).autoCommitDisabled()
					.cacheSize(CACHE_MEGABYTES).open();
			if (store.getStoreVersion() > FORMAT) {
				int version = store.getStoreVersion();
				store.closeImmediately();
				throw unusable("has a file of version " + version + ", and this Hawser reads up to version " + FORMAT
						+ ": use the newer Hawser until all its events are delivered, or move " + file + " away", null);
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
				case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "has a file in a format that this Hawser does not read: move " + file + " away";
				case DataUtils.ERROR_FILE_CORRUPT -> "has a file that is damaged: move " + file + " away, and its events are lost";
				default -> "cannot be read or written";
			}, e);
		}
	}

	private static IllegalArgumentException unusable(String why, @Nullable Exception cause) {
		return new IllegalArgumentException("hawser.webhooks.folder " + why + '.', cause);
	}

	/** The values in the file, by keys of this type. */
	<K> MVMap<K, byte[]> values(String name, DataType<K> keys) {
		return store.openMap(name, new MVMap.Builder<K, byte[]>().keyType(keys).valueType(ByteArrayDataType.INSTANCE));
	}

	/** Makes the change; the future completes when it is durable, or cannot be made so. */
	CompletableFuture<Void> change(Runnable change) {
		if (!broken && !closed) {
			turns.readLock().lock();
			try {
				change.run();
				return commits.changed();
			}
			catch (MVStoreException e) {
				if (!closed) {
					broke(e);
				}
			}
			finally {
				turns.readLock().unlock();
			}
		}
		return CompletableFuture.completedFuture(null);
	}

	private void commit() {
		try {
			alone(store::commit);
			sync.accept(store);
			if (++committed % COMMITS_PER_COMPACTION == 0) {
				alone(() -> store.compact(TARGET_FILL_RATE, COMPACTION_BYTES));
			}
		}
		catch (RuntimeException e) {
			broke(e);
			throw e;
		}
	}

	/** While no change is under way. */
	private void alone(Runnable work) {
		turns.writeLock().lock();
		try {
			work.run();
		}
		finally {
			turns.writeLock().unlock();
		}
	}

	private void broke(RuntimeException failure) {
		if (!broken) {
			broken = true;
			LOG.error("hawser.webhooks.folder cannot be written any more: from now on events are kept in memory only, until the server is"
					+ " restarted", failure);
		}
	}

	/** Bytes of the file. */
	long size() {
		return broken || closed ? 0 : store.getFileStore().size();
	}

	/** Whether the disk has failed. */
	boolean isBroken() {
		return broken;
	}

	/** Makes the last changes durable. */
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
