package dev.hawser.application.settings;

import dev.hawser.application.hub.HubSettings;
import dev.hawser.connection.Hub;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.PropertyPlaceholderHelper;
import org.springframework.util.SystemPropertyUtils;

/** Reads and checks everything under {@code hawser.}, at the start and again when the configuration is read anew. */
public final class SettingsReader {
	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("hawser");
	private static final ConfigurationPropertyName HUBS = ROOT.append("hubs");

	/** A placeholder that nothing fills is an error, and not a value: who can read it knew a secret that is called so. */
	private static final PropertyPlaceholderHelper STRICT = new PropertyPlaceholderHelper(SystemPropertyUtils.PLACEHOLDER_PREFIX,
			SystemPropertyUtils.PLACEHOLDER_SUFFIX, SystemPropertyUtils.VALUE_SEPARATOR, SystemPropertyUtils.ESCAPE_CHARACTER, false);

	private final List<ConfigurationPropertySource> sources;
	private final PropertySourcesPlaceholdersResolver placeholders;

	private SettingsReader(ConfigurableEnvironment environment) {
		this.sources = StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false).toList();
		this.placeholders = new PropertySourcesPlaceholdersResolver(environment.getPropertySources(), STRICT);
	}

	/**
	 * @throws BindException            for a property that is unknown or has a bad value
	 * @throws InvalidHubException      for one of a hub
	 * @throws IllegalArgumentException for values that do not go together; its message is a sentence
	 */
	public static HawserSettings read(ConfigurableEnvironment environment) {
		SettingsReader reader = new SettingsReader(environment);
		List<ConfigurationPropertySource> ownSources = reader.sources.stream().map(SettingsReader::withoutHubs).toList();
		HawserSettings own = reader.bind(ownSources, ownSources, HawserSettings.class);
		Map<String, HubSettings> hubs = new LinkedHashMap<>();
		for (String name : HawserSettings.checkedNames(reader.hubNames())) {
			List<ConfigurationPropertySource> ofHub = reader.sources.stream().map(source -> HubSource.of(source, ROOT, HUBS.append(name)))
					.toList();
			List<ConfigurationPropertySource> all = new ArrayList<>(ofHub);
			all.addAll(ownSources);
			hubs.put(name, reader.bindHub(name, all, ofHub));
		}
		return own.with(hubs);
	}

	private HubSettings bindHub(String name, List<ConfigurationPropertySource> from, List<ConfigurationPropertySource> complete) {
		try {
			return bind(from, complete, HubSettings.class);
		}
		catch (BindException e) {
			throw new InvalidHubException(name, e);
		}
	}

	/** A hub's property is bad. The cause names it as if it were one of those that the hub inherits. */
	static final class InvalidHubException extends RuntimeException {
		private final String hub;

		InvalidHubException(String hub, BindException cause) {
			super("hawser.hubs." + hub, cause);
			this.hub = hub;
		}

		/** The real name of the property. */
		String real(String property) {
			return HUBS.append(hub) + property.substring(ROOT.toString().length());
		}
	}

	private static ConfigurationPropertySource withoutHubs(ConfigurationPropertySource source) {
		return source.filter(name -> !HUBS.isAncestorOf(name));
	}

	/** @param complete the sources whose properties must all be known */
	private <T> T bind(List<ConfigurationPropertySource> from, List<ConfigurationPropertySource> complete, Class<T> type) {
		UnboundElementsSourceFilter notFromOutside = new UnboundElementsSourceFilter();
		BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT,
				source -> complete.contains(source) && notFromOutside.apply(source));
		return new Binder(from, placeholders).bindOrCreate(ROOT, Bindable.of(type), strict);
	}

	private TreeSet<String> hubNames() {
		TreeSet<String> names = new TreeSet<>(new Binder(sources, placeholders)
				.bind(HUBS, Bindable.mapOf(String.class, Object.class)).orElse(Map.of()).keySet());
		names.add(Hub.DEFAULT);
		return names;
	}
}
