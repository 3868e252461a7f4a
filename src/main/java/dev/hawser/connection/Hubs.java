package dev.hawser.connection;

import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All hubs of this node, by name. The set of hubs is fixed at the start; their settings change with a reload. */
public final class Hubs implements ReloadParticipant {
	private final Section<ConnectionSettings> section;
	private final Map<String, Hub> byName = new LinkedHashMap<>();

	/**
	 * @param observers    make the observers of each hub's connections
	 * @param subprotocols the subprotocols that clients of every hub may use
	 * @param memory       the memory of the clients of all hubs
	 */
	Hubs(Section<ConnectionSettings> section, Settings settings, Collection<ConnectionObserver.Factory> observers,
			List<Subprotocol> subprotocols, MemoryBudget memory) {
		this.section = section;
		settings.hubs().forEach(name -> byName.put(name,
				new Hub(name, settings.ofHub(name, section), observers.stream().map(each -> each.ofHub(name)).toList(), subprotocols,
						memory)));
	}

	/** @throws IllegalArgumentException when there is no hub with this name */
	public Hub get(String name) {
		Hub hub = byName.get(name);
		if (hub == null) {
			throw new IllegalArgumentException("There is no hub '" + name + "'.");
		}
		return hub;
	}

	public Collection<Hub> all() {
		return List.copyOf(byName.values());
	}

	@Override
	public Section<?> section() {
		return section;
	}

	@Override
	public Change prepare(Settings fresh) {
		return () -> byName.forEach((name, hub) -> {
			if (fresh.hubs().contains(name)) {
				hub.settings(fresh.ofHub(name, section));
			}
		});
	}
}
