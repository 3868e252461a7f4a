package dev.hawser.webhook;

import dev.hawser.webhook.Event.Origin;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps entries in a file. When the disk fails or the file is full, the server works on with what it has in memory, and says so
 * once.
 */
final class FileEventStore implements EventStore {
	static final String FILE = "webhook-events.mv";
	private static final Logger LOG = LoggerFactory.getLogger(FileEventStore.class);
	private static final JsonMapper JSON = JsonMapper.shared();

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
	public void put(Entry entry) {
		CompletableFuture<Void> _ = kept(entry);
	}

	@Override
	public void putDurably(Entry entry) throws InterruptedException {
		GroupCommit.await(kept(entry));
	}

	private CompletableFuture<Void> kept(Entry entry) {
		return file.change(() -> {
			if (hasRoom() || entries.containsKey(entry.of().uniqueId())) {
				entries.put(entry.of().uniqueId(), JSON.writeValueAsBytes(entry));
			}
		});
	}

	@Override
	public void remove(Origin of) {
		CompletableFuture<Void> _ = file.change(() -> entries.remove(of.uniqueId()));
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
