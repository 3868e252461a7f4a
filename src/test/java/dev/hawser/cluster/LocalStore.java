package dev.hawser.cluster;

import dev.hawser.webhook.EventStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A local store that outlives its node. */
final class LocalStore implements EventStore {
	final Map<String, byte[]> entries = new ConcurrentHashMap<>();

	@Override
	public void put(Kept entry) {
		entries.put(entry.name(), entry.content());
	}

	@Override
	public void putDurably(Kept entry) {
		put(entry);
	}

	@Override
	public void remove(Kept entry) {
		entries.remove(entry.name());
	}

	@Override
	public void start(Heir heir) {
		Map.copyOf(entries).forEach(heir::inherit);
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	@Override
	public long size() {
		return 0;
	}

	@Override
	public boolean isFailing() {
		return false;
	}

	@Override
	public void close() {
	}
}
