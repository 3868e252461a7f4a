package dev.hawser.application.settings;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/** Shows what stands under one name as if it stood under another: a hub's properties in the place of those that it inherits. */
class HubSource implements ConfigurationPropertySource {
	final ConfigurationPropertySource source;
	final ConfigurationPropertyName shown;
	final ConfigurationPropertyName real;

	private HubSource(ConfigurationPropertySource source, ConfigurationPropertyName shown, ConfigurationPropertyName real) {
		this.source = source;
		this.shown = shown;
		this.real = real;
	}

	static ConfigurationPropertySource of(ConfigurationPropertySource source, ConfigurationPropertyName shown,
			ConfigurationPropertyName real) {
		return source instanceof IterableConfigurationPropertySource iterable ? new OfNames(iterable, shown, real)
				: new HubSource(source, shown, real);
	}

	@Override
	public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
		ConfigurationProperty found = name == null || !isBelow(shown, name) ? null
				: source.getConfigurationProperty(moved(name, shown, real));
		return found == null ? null : new ConfigurationProperty(name, found.getValue(), found.getOrigin());
	}

	@Override
	public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
		return isBelow(shown, name) ? source.containsDescendantOf(moved(name, shown, real)) : ConfigurationPropertyState.ABSENT;
	}

	@Override
	public @Nullable Object getUnderlyingSource() {
		return source.getUnderlyingSource();
	}

	static boolean isBelow(ConfigurationPropertyName ancestor, ConfigurationPropertyName name) {
		return ancestor.equals(name) || ancestor.isAncestorOf(name);
	}

	static ConfigurationPropertyName moved(ConfigurationPropertyName name, ConfigurationPropertyName from,
			ConfigurationPropertyName to) {
		return name.equals(from) ? to : to.append(name.subName(from.getNumberOfElements()));
	}

	/** A source that knows all its names. */
	private static final class OfNames extends HubSource implements IterableConfigurationPropertySource {
		private final IterableConfigurationPropertySource names;

		OfNames(IterableConfigurationPropertySource names, ConfigurationPropertyName shown, ConfigurationPropertyName real) {
			super(names, shown, real);
			this.names = names;
		}

		@Override
		public Stream<ConfigurationPropertyName> stream() {
			return names.stream().filter(name -> real.isAncestorOf(name)).map(name -> moved(name, real, shown));
		}

		@Override
		public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
			return super.containsDescendantOf(name);
		}
	}
}
