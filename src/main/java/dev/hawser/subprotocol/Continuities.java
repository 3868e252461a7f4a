package dev.hawser.subprotocol;

import dev.hawser.connection.Continuity;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is kept for the clients of each hub, by the settings in force. The set of hubs is fixed at the start. */
final class Continuities implements ReloadParticipant {
	static final Section<ReliableSettings> SECTION = Section.ofServerAndHubs("reliable", ReliableSettings.class);

	private volatile Map<String, Continuity> byHub;

	Continuities(Settings settings) {
		this.byHub = read(settings, Map.of());
	}

	/** @param before the hubs that stay although they were removed from the configuration */
	private static Map<String, Continuity> read(Settings settings, Map<String, Continuity> before) {
		Map<String, Continuity> read = settings.hubs().stream()
				.collect(Collectors.toMap(hub -> hub, hub -> of(settings.ofHub(hub, SECTION))));
		before.forEach(read::putIfAbsent);
		return Map.copyOf(read);
	}

	private static Continuity of(ReliableSettings settings) {
		return new Continuity(settings.window(), settings.messages(), settings.size().toBytes(), JsonReliableSubprotocol::numbered);
	}

	Continuity of(String hub) {
		return Objects.requireNonNull(byHub.get(hub), hub);
	}

	@Override
	public Section<?> section() {
		return SECTION;
	}

	@Override
	public Change prepare(Settings fresh) {
		Map<String, Continuity> next = read(fresh, byHub);
		return () -> byHub = next;
	}
}
