package dev.hawser.application.settings;

import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings as they were read.
 *
 * @param ofServer the values below {@code hawser}
 * @param ofHubs   the values of each hub, by its name
 */
record ReadSettings(Map<Section<?>, Object> ofServer, Map<String, Map<Section<?>, Object>> ofHubs) implements Settings {

	@Override
	public <T> T of(Section<T> section) {
		return value(section, ofServer.get(section), "the server");
	}

	@Override
	public <T> T ofHub(String hub, Section<T> section) {
		return value(section, ofHub(hub).get(section), "the hub '" + hub + "'");
	}

	private static <T> T value(Section<T> section, @Nullable Object value, String whose) {
		if (value == null) {
			throw new IllegalArgumentException("The section '" + section.name() + "' is not declared for " + whose);
		}
		return section.type().cast(value);
	}

	@Override
	public Set<String> hubs() {
		return ofHubs.keySet();
	}

	Set<Section<?>> sections() {
		return Stream.concat(ofServer.keySet().stream(), ofHubs.values().stream().flatMap(hub -> hub.keySet().stream()))
				.collect(Collectors.toSet());
	}

	/** The names to report when a section has changed: its properties, or the hubs. */
	Stream<String> changed(ReadSettings other, Section<?> section) {
		Stream<String> here = Objects.equals(ofServer.get(section), other.ofServer.get(section)) ? Stream.empty()
				: SettingsLevel.names(section);
		return Stream.concat(here, hubs().equals(other.hubs()) && hubs().stream().allMatch(hub -> isSame(other, section, hub))
				? Stream.empty() : Stream.of(SettingsReader.HUBS)).map(name -> SettingsReader.ROOT + '.' + name);
	}

	private Map<Section<?>, Object> ofHub(String hub) {
		return ofHubs.getOrDefault(hub, Map.of());
	}

	private boolean isSame(ReadSettings other, Section<?> section, String hub) {
		return Objects.equals(ofHub(hub).get(section), other.ofHub(hub).get(section));
	}

	/** Contains no values, since some are secrets. */
	@Override
	public String toString() {
		return "ReadSettings[hubs=" + hubs() + ']';
	}
}
