package dev.hawser.application.settings;

import dev.hawser.settings.Section;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.PropertySource;

/** Finds properties of files that are called like Hawser's, but do not stand below {@code hawser}: they would be ignored without a word. */
final class MisplacedSections {
	private final Set<ConfigurationPropertyName> names;

	MisplacedSections(Collection<Section<?>> sections) {
		this.names = sections.stream().filter(section -> !section.name().isEmpty())
				.flatMap(section -> Stream.of(section.type().getRecordComponents()).map(RecordComponent::getName)
						.map(name -> ConfigurationPropertyName.of(section.name()).append(DataObjectPropertyName.toDashedForm(name))))
				.collect(Collectors.toSet());
	}

	/** @throws IllegalArgumentException with a sentence about the first one */
	void check(List<ConfigurationPropertySource> sources) {
		sources.stream().filter(IterableConfigurationPropertySource.class::isInstance).map(IterableConfigurationPropertySource.class::cast)
				.filter(MisplacedSections::isFile)
				.flatMap(source -> source.stream().filter(this::isOurs).map(source::getConfigurationProperty))
				.findFirst().ifPresent(property -> {
					throw new IllegalArgumentException(
							SettingsReader.ROOT + '.' + property.getName() + " is written as " + property.getName()
									+ " (" + property.getOrigin() + "): indent it below " + SettingsReader.ROOT + ", or it is ignored.");
				});
	}

	private boolean isOurs(ConfigurationPropertyName name) {
		return names.contains(name.getNumberOfElements() > 2 ? name.chop(2) : name);
	}

	private static boolean isFile(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof PropertySource<?> underlying && underlying.getName().startsWith("Config resource ");
	}
}
