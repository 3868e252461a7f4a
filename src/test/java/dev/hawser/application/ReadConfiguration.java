package dev.hawser.application;

import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.Collection;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The configuration as the server reads it, without the server. */
public record ReadConfiguration(ConfigurableApplicationContext context) implements AutoCloseable {

	/** @param arguments as on the command line */
	public static ReadConfiguration of(String... arguments) {
		return new ReadConfiguration(new SpringApplicationBuilder(HawserConfiguration.class).web(WebApplicationType.NONE)
				.lazyInitialization(true).run(arguments));
	}

	/** The sections that all rooms declare. */
	@SuppressWarnings({ "unchecked", "rawtypes" }) // a class literal has no type arguments
	public Collection<Section<?>> sections() {
		return (Collection) context.getBeansOfType(Section.class).values();
	}

	/** What stands below {@code hawser} for a section, by the record that it is bound to. */
	public <T> T of(Class<T> type) {
		return type.cast(context.getBean(Settings.class)
				.of(sections().stream().filter(section -> section.type() == type).findFirst().orElseThrow()));
	}

	@Override
	public void close() {
		context.close();
	}
}
