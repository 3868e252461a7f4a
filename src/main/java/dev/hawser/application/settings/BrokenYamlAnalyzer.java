package dev.hawser.application.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Says which file is no YAML, and where, without a word of what stands there, which may be a secret. The parser knows the place, but not
 * the file: those that Spring Boot looks for are read again until one fails.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class BrokenYamlAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> implements EnvironmentPostProcessor, Ordered {
	private static volatile @Nullable ConfigurableEnvironment environment;

	/** Before the files are read, since a start that fails then has nothing else to ask. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment starting, SpringApplication application) {
		lookIn(starting);
	}

	/** Files are looked for where this configuration names them. */
	static void lookIn(ConfigurableEnvironment current) {
		environment = current;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MarkedYAMLException cause) {
		String where = cause.getProblemMark() == null ? "" : " at line " + (cause.getProblemMark().getLine() + 1) + ", column "
				+ (cause.getProblemMark().getColumn() + 1);
		Path file = candidates().filter(BrokenYamlAnalyzer::isBroken).findFirst().orElse(null);
		return new FailureAnalysis((file == null ? "A configuration file" : file) + " is no YAML" + where + ".",
				"Correct the indentation, quotes and brackets there and in the lines before it.", cause);
	}

	private static Stream<Path> candidates() {
		ConfigurableEnvironment current = environment;
		Stream<String> named = current == null ? Stream.empty() : Stream.of("spring.config.location", "spring.config.additional-location",
				"spring.config.import").map(current::getProperty).filter(value -> value != null);
		return Stream.concat(Stream.of("./", "./config/"), named.flatMap(value -> Stream.of(value.split("[,;]"))))
				.map(place -> place.strip().replaceFirst("^(optional:)?(file:)?", "")).flatMap(BrokenYamlAnalyzer::files);
	}

	private static Stream<Path> files(String place) {
		try {
			Path path = Path.of(place).normalize();
			return (place.endsWith("/") ? Stream.of("application.yaml", "application.yml").map(path::resolve) : Stream.of(path))
					.filter(Files::isRegularFile);
		}
		catch (InvalidPathException e) {
			return Stream.empty();
		}
	}

	private static boolean isBroken(Path file) {
		try (Reader reader = Files.newBufferedReader(file)) {
			new Yaml().parse(reader).forEach(_ -> {
			});
			return false;
		}
		catch (MarkedYAMLException e) {
			return true;
		}
		catch (IOException e) {
			return false;
		}
	}
}
