package dev.hawser.application.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.support.SpringApplicationJsonEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.DefaultResourceLoader;

/** The configuration as a start of the server would find it, for a program that starts no server. */
public final class StandaloneConfiguration {
	private static final String VARIABLES = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

	private final ConfigurableEnvironment environment;

	private StandaloneConfiguration(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Reads the files in the working directory, or where the arguments and variables say.
	 *
	 * @param arguments as the server takes them, such as {@code --server.port=9000}
	 * @param variables the environment variables
	 * @throws IllegalArgumentException when a file cannot be read; the message is a sentence
	 */
	public static StandaloneConfiguration read(List<String> arguments, Map<String, String> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		MutablePropertySources sources = environment.getPropertySources();
		sources.replace(VARIABLES, new SystemEnvironmentPropertySource(VARIABLES, Map.copyOf(variables)));
		sources.addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
		ConfigurationPropertySources.attach(environment);
		try {
			if (environment.containsProperty("spring.application.json")) {
				new SpringApplicationJsonEnvironmentPostProcessor().postProcessEnvironment(environment, new SpringApplication());
			}
			ConfigDataEnvironmentPostProcessor.applyTo(environment, new DefaultResourceLoader(new NearResources()), null);
		}
		catch (RuntimeException e) {
			BrokenYamlAnalyzer.lookIn(environment);
			throw new IllegalArgumentException(ConfigurationCheck.sentence(e), e);
		}
		return new StandaloneConfiguration(environment);
	}

	/**
	 * The value of a property, with placeholders resolved; null when it is not set.
	 *
	 * @throws IllegalArgumentException when nothing fills a placeholder
	 */
	public @Nullable String get(String property) {
		String value = environment.getProperty(property);
		if (value != null && value.contains("${")) {
			throw new IllegalArgumentException(
					property + " has a placeholder ${...} that no property, variable or file fills: set what it names.");
		}
		return value;
	}

	/** The values of a list, which is written as {@code a,b} or with one entry for each value. */
	public List<String> list(String property) {
		return Binder.get(environment).bind(property, String[].class).map(List::of).orElse(List.of());
	}

	/** Whether a property below this name is set. */
	public boolean has(String prefix) {
		return Binder.get(environment).bind(prefix, Map.class).isBound();
	}

	/**
	 * What in the configuration would stop a start, one sentence for each mistake.
	 *
	 * @param rooms the configuration class that imports all rooms
	 */
	public List<String> mistakes(Class<?> rooms) {
		return new ConfigurationCheck(environment).mistakes(rooms);
	}
}
