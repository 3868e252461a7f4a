package dev.hawser;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** All hubs, by name; which there are is settled at the start. */
final class LiveHubs {
	private final Map<String, LiveHub> byName;

	private LiveHubs(Map<String, LiveHub> byName) {
		this.byName = byName;
	}

	static LiveHubs of(HawserSettings settings, BiFunction<String, HubSettings, LiveHub> make) {
		Map<String, LiveHub> byName = new LinkedHashMap<>();
		settings.hubs().forEach((name, hub) -> byName.put(name, make.apply(name, hub)));
		return new LiveHubs(byName);
	}

	/** @throws IllegalArgumentException when there is none of this name */
	LiveHub get(String name) {
		LiveHub hub = byName.get(name);
		if (hub == null) {
			throw new IllegalArgumentException("There is no hub '" + name + "'.");
		}
		return hub;
	}

	Collection<LiveHub> all() {
		return byName.values();
	}
}
