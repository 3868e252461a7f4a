package dev.hawser.application.settings;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The configuration as a start would find it now: files are read anew, everything else is as it was at the start. */
final class RereadEnvironment {

	private RereadEnvironment() {
	}

	static ConfigurableEnvironment like(ConfigurableEnvironment running) {
		StandardEnvironment fresh = new StandardEnvironment();
		MutablePropertySources sources = fresh.getPropertySources();
		sources.stream().map(PropertySource::getName).toList().forEach(sources::remove);
		running.getPropertySources().stream().filter(source -> !isFromFile(source)).forEach(sources::addLast);
		ConfigDataEnvironmentPostProcessor.applyTo(fresh);
		return fresh;
	}

	/** Named so by Spring Boot's loaders of files and of directories with a file for each property. */
	private static boolean isFromFile(PropertySource<?> source) {
		return source.getName().startsWith("Config resource '") || source.getName().startsWith("Config tree '")
				|| source.getName().equals("configurationProperties"); // a view of the others
	}
}
