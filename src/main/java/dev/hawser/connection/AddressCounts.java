package dev.hawser.connection;

import dev.hawser.connection.limit.ClientAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The number of a hub's open connections by client address. Safe for any thread. */
final class AddressCounts {
	private final ConcurrentHashMap<Object, Integer> byKey = new ConcurrentHashMap<>();
	private volatile @Nullable Consumer<String> listener;

	/** Tells from now on the name of each address whose number has changed; null for no more. */
	void tell(@Nullable Consumer<String> changed) {
		listener = changed;
	}

	/** Tells the names of all addresses that have connections. */
	void each(Consumer<String> known) {
		byKey.keySet().forEach(key -> known.accept(ClientAddress.name(key)));
	}

	/** Returns the number of connections with this one. */
	int add(@Nullable ClientAddress address) {
		if (address == null) {
			return 0;
		}
		int count = byKey.merge(address.key(), 1, Integer::sum);
		changed(address);
		return count;
	}

	void remove(@Nullable ClientAddress address) {
		if (address != null) {
			byKey.computeIfPresent(address.key(), (_, count) -> count == 1 ? null : count - 1);
			changed(address);
		}
	}

	private void changed(ClientAddress address) {
		Consumer<String> told = listener;
		if (told != null) {
			told.accept(ClientAddress.name(address.key()));
		}
	}

	int of(@Nullable ClientAddress address) {
		return address == null ? 0 : byKey.getOrDefault(address.key(), 0);
	}
}
