package dev.hawser.application.settings;

import dev.hawser.connection.Hub;
import dev.hawser.settings.Section;
import dev.hawser.settings.Section.Reach;
import dev.hawser.settings.Settings;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.PropertyPlaceholderHelper;
import org.springframework.util.SystemPropertyUtils;

/**
 * Reads and checks everything under {@code hawser}: each section below it, and each section of each hub. A property that a hub does
 * not set is taken from {@code hawser}; a list is replaced as a whole.
 */
final class SettingsReader {
	static final String ROOT = "hawser";
	static final String HUBS = "hubs";
	private static final Pattern HUB = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

	/**
	 * An unresolved placeholder is an error. Used as a value, it would for instance be a secret that every reader of the file
	 * knows.
	 */
	private static final PropertyPlaceholderHelper STRICT = new PropertyPlaceholderHelper(SystemPropertyUtils.PLACEHOLDER_PREFIX,
			SystemPropertyUtils.PLACEHOLDER_SUFFIX, SystemPropertyUtils.VALUE_SEPARATOR, SystemPropertyUtils.ESCAPE_CHARACTER, false);

	private final Collection<Section<?>> sections;
	private final Collection<Settings.Rule> rules;

	/** @param rules the rules that combine several values */
	SettingsReader(Collection<? extends Section<?>> sections, Collection<Settings.Rule> rules) {
		this.sections = List.copyOf(sections);
		this.rules = List.copyOf(rules);
	}

	/**
	 * @throws InvalidSettingException  for a property that is unknown or has a bad value
	 * @throws IllegalArgumentException for values that contradict each other; the message is a sentence
	 */
	ReadSettings read(ConfigurableEnvironment environment) {
		return read(environment, Set.of());
	}

	/**
	 * As above.
	 *
	 * @param leftOut properties that are read as if they, and all below them, were not set
	 */
	ReadSettings read(ConfigurableEnvironment environment, Set<ConfigurationPropertyName> leftOut) {
		PropertySourcesPlaceholdersResolver placeholders = new PropertySourcesPlaceholdersResolver(environment.getPropertySources(),
				STRICT);
		List<ConfigurationPropertySource> sources = StreamSupport
				.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
				.map(source -> leftOut.isEmpty() ? source : source.filter(name -> leftOut.stream().noneMatch(out -> isAt(name, out))))
				.toList();
		SettingsLevel server = new SettingsLevel(ROOT, sources, List.of(), placeholders);
		new MisplacedSections(sections).check(sources);
		Map<Section<?>, Object> ofServer = bind(server, Reach.SERVER, Reach.SERVER_AND_HUBS);
		server.checkAllKnown(Stream.concat(Stream.of(HUBS), names(ofServer.keySet())).toList());
		Map<String, Map<Section<?>, Object>> ofHubs = new LinkedHashMap<>();
		for (String name : hubNames(new Binder(server.sources()))) {
			SettingsLevel hub = new SettingsLevel(ROOT + '.' + HUBS + '.' + name, sources, inherited(server), placeholders);
			ofHubs.put(name, bind(hub, Reach.SERVER_AND_HUBS, Reach.HUBS));
			hub.checkAllKnown(names(ofHubs.get(name).keySet()).toList());
		}
		ReadSettings read = new ReadSettings(ofServer, ofHubs);
		rules.forEach(rule -> rule.check(read));
		return read;
	}

	/** Whether the name is this one or below it, or is the same without the root, where it is misplaced. */
	private static boolean isAt(ConfigurationPropertyName name, ConfigurationPropertyName out) {
		return out.equals(name) || out.isAncestorOf(name)
				|| (out.getNumberOfElements() > 1 && out.subName(1).equals(name));
	}

	/** The sources that hubs inherit from, without the properties that only the server has. */
	private List<ConfigurationPropertySource> inherited(SettingsLevel server) {
		return server
				.only(sections.stream().filter(section -> section.reach() == Reach.SERVER_AND_HUBS).flatMap(SettingsLevel::names).toList());
	}

	private Map<Section<?>, Object> bind(SettingsLevel level, Reach... reaches) {
		Map<Section<?>, Object> values = new HashMap<>();
		for (Section<?> section : sections) {
			if (List.of(reaches).contains(section.reach())) {
				values.put(section, level.bind(section));
			}
		}
		return values;
	}

	private static Stream<String> names(Collection<Section<?>> sections) {
		return sections.stream().flatMap(SettingsLevel::names);
	}

	private static SortedSet<String> hubNames(Binder binder) {
		Map<String, Object> hubs = binder.bind(HUBS, Bindable.mapOf(String.class, Object.class)).orElse(Map.of());
		hubs.forEach((name, value) -> {
			if (!(value instanceof Map) && !value.toString().isBlank()) {
				throw new IllegalArgumentException("hawser.hubs." + name + " is a value, and no hub: the name of a hub comes first, as in"
						+ " hawser.hubs.chat." + name + ".");
			}
		});
		SortedSet<String> names = new TreeSet<>(hubs.keySet());
		if (!names.stream().allMatch(HUB.asMatchPredicate())) {
			throw new IllegalArgumentException("hawser.hubs has a hub whose name is not 1 to 63 letters, digits, dashes or underscores,"
					+ " beginning with a letter.");
		}
		names.add(Hub.DEFAULT);
		Set<String> inLowerCase = new HashSet<>();
		names.stream().filter(name -> !inLowerCase.add(name.toLowerCase(Locale.ROOT))).findFirst().ifPresent(name -> {
			throw new IllegalArgumentException("hawser.hubs." + name
					+ " differs from the name of another hub, or of the hub default, in the case of letters only: give it another name.");
		});
		return names;
	}
}
