package dev.hawser.application.settings;

import dev.hawser.settings.Section;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** All properties below one prefix, such as {@code hawser} or {@code hawser.hubs.chat}, by their names without that prefix. */
final class SettingsLevel {
	private final String prefix;
	private final List<ConfigurationPropertySource> own;
	private final List<ConfigurationPropertySource> inherited;
	private final PlaceholdersResolver placeholders;

	/** @param inherited sources of the properties that this level does not set; may contain others, which are not read */
	SettingsLevel(String prefix, List<ConfigurationPropertySource> sources, List<ConfigurationPropertySource> inherited,
			PlaceholdersResolver placeholders) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
		this.prefix = prefix;
		this.own = sources.stream().map(source -> source.filter(name::isAncestorOf).withPrefix(prefix)).toList();
		this.inherited = inherited;
		this.placeholders = placeholders;
	}

	List<ConfigurationPropertySource> sources() {
		return own;
	}

	/** The properties of this level below these names. */
	List<ConfigurationPropertySource> only(Collection<String> names) {
		return only(own, names);
	}

	private static List<ConfigurationPropertySource> only(List<ConfigurationPropertySource> sources, Collection<String> names) {
		return sources.stream().map(source -> source.filter(name -> isBelow(name, names))).toList();
	}

	private static boolean isBelow(ConfigurationPropertyName name, Collection<String> names) {
		return names.stream().map(ConfigurationPropertyName::of).anyMatch(one -> one.equals(name) || one.isAncestorOf(name));
	}

	/** The names directly below a prefix that belong to this section. */
	static Stream<String> names(Section<?> section) {
		return section.name().isEmpty()
				? Stream.of(section.type().getRecordComponents()).map(RecordComponent::getName).map(DataObjectPropertyName::toDashedForm)
				: Stream.of(section.name());
	}

	/** @throws InvalidSettingException for a property that is unknown or has a bad value */
	<T> T bind(Section<T> section) {
		List<String> names = names(section).toList();
		List<ConfigurationPropertySource> complete = only(own, names);
		UnboundElementsSourceFilter notFromOutside = new UnboundElementsSourceFilter();
		BindHandler strict = new NoUnboundElementsBindHandler(new UnitsRequired(placeholders),
				source -> complete.contains(source) && notFromOutside.apply(source));
		try {
			return new Binder(Stream.concat(complete.stream(), only(inherited, names).stream()).toList(), placeholders)
					.bindOrCreate(ConfigurationPropertyName.of(section.name()), Bindable.of(section.type()), strict);
		}
		catch (BindException e) {
			throw new InvalidSettingException(prefix, e);
		}
	}

	/** @throws InvalidSettingException for a property that is below none of the names */
	void checkAllKnown(Collection<String> names) {
		UnboundElementsSourceFilter notFromOutside = new UnboundElementsSourceFilter();
		Set<ConfigurationProperty> unknown = own.stream().filter(notFromOutside::apply)
				.filter(IterableConfigurationPropertySource.class::isInstance)
				.map(IterableConfigurationPropertySource.class::cast)
				.flatMap(source -> source.stream().filter(name -> !isBelow(name, names)).map(source::getConfigurationProperty))
				.collect(Collectors.toSet());
		if (!unknown.isEmpty()) {
			throw new InvalidSettingException(prefix, new UnboundConfigurationPropertiesException(unknown));
		}
	}
}
