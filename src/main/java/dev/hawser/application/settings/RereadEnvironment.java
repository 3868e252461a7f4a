package dev.hawser.application.settings;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The configuration as a new start would find it: files are read again, everything else is as at the start. */
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

	/** Recognises the sources by the names that Spring Boot gives to files and to directories with a file for each property. */
	private static boolean isFromFile(PropertySource<?> source) {
		return source.getName().startsWith("Config resource '") || source.getName().startsWith("Config tree '")
				|| source.getName().equals("configurationProperties"); // a view of the others
	}
}
