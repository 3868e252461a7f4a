package dev.hawser.application.hub;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** All hubs, by name; which there are is settled at the start. */
public final class HubEndpoints {
	private final Map<String, HubEndpoint> byName;

	private HubEndpoints(Map<String, HubEndpoint> byName) {
		this.byName = byName;
	}

	public static HubEndpoints of(Map<String, HubSettings> settings, BiFunction<String, HubSettings, HubEndpoint> make) {
		Map<String, HubEndpoint> byName = new LinkedHashMap<>();
		settings.forEach((name, hub) -> byName.put(name, make.apply(name, hub)));
		return new HubEndpoints(byName);
	}

	/** @throws IllegalArgumentException when there is none of this name */
	public HubEndpoint get(String name) {
		HubEndpoint hub = byName.get(name);
		if (hub == null) {
			throw new IllegalArgumentException("There is no hub '" + name + "'.");
		}
		return hub;
	}

	public Collection<HubEndpoint> all() {
		return byName.values();
	}
}
