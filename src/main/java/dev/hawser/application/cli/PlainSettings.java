package dev.hawser.application.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a server that has no configuration files: arguments, system properties and variables. Reads them without the
 * classes of Spring, which take longer to load than a health check should.
 */
final class PlainSettings {
	/** Variables that can name files, or hold other properties. */
	private static final List<String> ELSEWHERE = List.of("SPRING_CONFIG_", "SPRING_PROFILES_", "SPRING_APPLICATION_JSON");
	private static final String FILE = "application";

	private final List<String> arguments;
	private final Map<String, String> variables;

	private PlainSettings(List<String> arguments, Map<String, String> variables) {
		this.arguments = arguments;
		this.variables = variables;
	}

	/** Null when there may be files, or placeholders. */
	static @Nullable PlainSettings of(List<String> arguments, Map<String, String> variables) {
		boolean simple = arguments.stream().noneMatch(argument -> argument.startsWith("--spring.") || argument.contains("${"))
				&& variables.entrySet().stream()
						.noneMatch(one -> one.getKey().matches("(HAWSER|SERVER|MANAGEMENT|SPRING)_.*") && one.getValue().contains("${"))
				&& variables.keySet().stream().noneMatch(name -> ELSEWHERE.stream().anyMatch(name.toUpperCase(Locale.ROOT)::startsWith))
				&& System.getProperties().stringPropertyNames().stream().noneMatch(name -> name.startsWith("spring."))
				&& Stream.of(".", "config").map(Path::of).noneMatch(PlainSettings::hasFile);
		return simple ? new PlainSettings(arguments, variables) : null;
	}

	/** Folders below {@code config} are read, too. */
	private static boolean hasFile(Path folder) {
		if (!Files.isDirectory(folder)) {
			return false;
		}
		try (Stream<Path> entries = Files.list(folder)) {
			return entries.anyMatch(entry -> entry.getFileName().toString().startsWith(FILE)
					|| (folder.endsWith("config") && Files.isDirectory(entry)));
		}
		catch (IOException e) {
			return true;
		}
	}

	/** The value of a property as Spring Boot finds it; null when it is not set. */
	@Nullable
	String get(String property) {
		String argument = "--" + property + '=';
		return Stream.of(arguments.stream().filter(one -> one.startsWith(argument)).map(one -> one.substring(argument.length())).findFirst()
				.orElse(null), System.getProperty(property), variables.get(variable(property, "")), variables.get(variable(property, "_")))
				.filter(value -> value != null).findFirst().orElse(null);
	}

	/** Dashes of a property are left out of its variable, or are underscores there. */
	private static String variable(String property, String dash) {
		return property.replace("-", dash).replace('.', '_').replace("[", "_").replace("]", "").toUpperCase(Locale.ROOT);
	}

	List<String> list(String property) {
		String value = get(property);
		if (value != null) {
			return Stream.of(value.split(",", -1)).map(String::strip).toList();
		}
		List<String> values = new ArrayList<>();
		for (String next = get(property + "[0]"); next != null; next = get(property + '[' + values.size() + ']')) {
			values.add(next);
		}
		return values;
	}

	boolean has(String prefix) {
		return arguments.stream().anyMatch(one -> one.startsWith("--" + prefix + '.'))
				|| System.getProperties().stringPropertyNames().stream().anyMatch(name -> name.startsWith(prefix + '.'))
				|| variables.keySet().stream().anyMatch(name -> name.startsWith(variable(prefix, "") + '_'));
	}
}
