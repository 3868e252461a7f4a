package dev.hawser.webhook;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps entries in a file. When the disk fails or the file is full, the server works on with what it has in memory, and says so
 * once.
 */
final class FileEventStore implements EventStore {
	static final String FILE = "webhook-events.mv";
	private static final Logger LOG = LoggerFactory.getLogger(FileEventStore.class);

	private final StoreFile file;
	private final MVMap<String, byte[]> entries;
	private final long largest;
	private final AtomicBoolean full = new AtomicBoolean();

	/**
	 * @param largest most bytes of the file
	 * @throws IllegalArgumentException with a sentence that begins with the property, when the folder or the file cannot be used
	 */
	FileEventStore(Path folder, long largest) {
		this(folder, largest, MVStore::sync);
	}

	/** @param sync makes what is written survive a power failure */
	FileEventStore(Path folder, long largest, Consumer<MVStore> sync) {
		this.file = new StoreFile(folder, FILE, sync);
		this.entries = file.values("entries", StringDataType.INSTANCE);
		this.largest = largest;
	}

	@Override
	public void put(Kept entry) {
		CompletableFuture<Void> _ = kept(entry);
	}

	@Override
	public void putDurably(Kept entry) throws InterruptedException {
		GroupCommit.await(kept(entry));
	}

	private CompletableFuture<Void> kept(Kept entry) {
		return file.change(() -> {
			if (hasRoom() || entries.containsKey(entry.name())) {
				entries.put(entry.name(), entry.content());
			}
		});
	}

	@Override
	public void remove(Kept entry) {
		remove(entry.name());
	}

	private void remove(String name) {
		CompletableFuture<Void> _ = file.change(() -> entries.remove(name));
	}

	private boolean hasRoom() {
		boolean room = file.size() < largest;
		if (!room && !full.getAndSet(true)) {
			LOG.error(
					"hawser.webhooks.folder has {} bytes, which is hawser.webhooks.max-size: new connections are kept in memory only, and what"
							+ " is left of them is lost with this process",
					file.size());
		}
		if (room) {
			full.set(false);
		}
		return room;
	}

	@Override
	public void start(Heir heir) {
		left().forEach((name, content) -> {
			Kept entry = heir.inherit(name, content);
			if (entry == null) {
				remove(name);
			}
			else {
				put(entry);
			}
		});
	}

	/** What is in the file now, by name. */
	Map<String, byte[]> left() {
		return new TreeMap<>(entries);
	}

	@Override
	public boolean isDurable() {
		return !file.isBroken();
	}

	@Override
	public long size() {
		return file.size();
	}

	@Override
	public boolean isFailing() {
		return file.isBroken() || (full.get() && !hasRoom());
	}

	@Override
	public void close() {
		file.close();
	}
}
