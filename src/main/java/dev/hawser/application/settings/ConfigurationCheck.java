package dev.hawser.application.settings;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** Finds all mistakes of a configuration, where a start would stop at the first one. */
final class ConfigurationCheck {
	private static final int MOST_MISTAKES = 100;

	private final ConfigurableEnvironment environment;

	ConfigurationCheck(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/** @param rooms the configuration class that imports all rooms */
	List<String> mistakes(Class<?> rooms) {
		List<String> mistakes = new ArrayList<>(ofHawser(SettingsConfiguration.reader(declarations(rooms))));
		Stream.of(ServerProperties.class, ManagementServerProperties.class).forEach(type -> {
			try {
				Binder.get(environment).bind(type == ServerProperties.class ? "server" : "management.server", type);
			}
			catch (BindException e) {
				mistakes.add(sentence(e));
			}
		});
		return mistakes;
	}

	/** Reads again and again, each time without the properties that were wrong before. */
	private List<String> ofHawser(SettingsReader reader) {
		Set<ConfigurationPropertyName> leftOut = new LinkedHashSet<>();
		List<String> mistakes = new ArrayList<>();
		while (mistakes.size() < MOST_MISTAKES) {
			try {
				reader.read(environment, leftOut);
				return mistakes;
			}
			catch (RuntimeException e) {
				String sentence = sentence(e);
				ConfigurationPropertyName name = ConfigurationPropertyName.adapt(sentence.split("[ ,:]", 2)[0], '.');
				if (leftOut.stream().anyMatch(before -> before.equals(name) || name.isAncestorOf(before))) {
					return mistakes; // it is wrong only without what was left out
				}
				mistakes.add(sentence);
				leftOut.add(name);
			}
		}
		return mistakes;
	}

	/** The beans of all rooms, of which only those are made that declare settings and rules. */
	private DefaultListableBeanFactory declarations(Class<?> rooms) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		new AnnotatedBeanDefinitionReader(beans, environment).register(rooms);
		ConfigurationClassPostProcessor imports = new ConfigurationClassPostProcessor();
		imports.setEnvironment(environment);
		imports.setResourceLoader(new DefaultResourceLoader());
		imports.postProcessBeanDefinitionRegistry(beans);
		return beans;
	}

	/** What a start would say of this failure, in one line. */
	static String sentence(Throwable failure) {
		if (failure instanceof BindException bind && !SettingsFailureAnalyzer.isOfHawser(failure)) {
			ConfigurationProperty property = bind.getProperty();
			return bind.getName() + " has a value that is no "
					+ Objects.requireNonNull(bind.getTarget().getType().resolve()).getSimpleName()
					+ (property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")") + '.';
		}
		return SpringFactoriesLoader.forDefaultResourceLocation()
				.load(FailureAnalyzer.class, FailureHandler.handleMessage((_, _) -> {
				})).stream().map(analyzer -> analyzer.analyze(failure)).filter(Objects::nonNull)
				.findFirst().map(ConfigurationCheck::inOneLine)
				.orElseGet(() -> "The configuration cannot be read: " + failure.getMessage());
	}

	private static String inOneLine(FailureAnalysis analysis) {
		String action = analysis.getAction();
		return (analysis.getDescription() + (action == null ? "" : ' ' + action)).replaceAll("\\s+", " ").strip();
	}
}
