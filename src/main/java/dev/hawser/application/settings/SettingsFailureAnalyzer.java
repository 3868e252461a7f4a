package dev.hawser.application.settings;

import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.PlaceholderResolutionException;

/** Says in one sentence which property is wrong and what to do. Values are not shown, since a value may be a secret. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer implements FailureAnalyzer {
	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		InvalidSettingException invalid = find(failure, InvalidSettingException.class);
		String sentence = sentence(failure, invalid);
		if (sentence != null) {
			return new FailureAnalysis(sentence, null, failure);
		}
		return invalid == null ? null : analyze(invalid);
	}

	/** One sentence about bad settings. */
	static String describe(Throwable failure) {
		FailureAnalysis analysis = new SettingsFailureAnalyzer().analyze(failure);
		return analysis != null ? analysis.getDescription() : "The configuration cannot be read: " + failure.getMessage();
	}

	/** Whether the failure is about a property of Hawser. */
	static boolean isOfHawser(Throwable failure) {
		return find(failure, InvalidSettingException.class) != null;
	}

	private static FailureAnalysis analyze(InvalidSettingException invalid) {
		UnboundConfigurationPropertiesException unknown = find(invalid, UnboundConfigurationPropertiesException.class);
		if (unknown != null) {
			return unknown(unknown, invalid);
		}
		BindException innermost = innermost(invalid);
		if (find(invalid, PlaceholderResolutionException.class) != null) {
			return new FailureAnalysis(invalid.real(innermost.getName().toString()) + " has a placeholder ${...} that no property, variable"
					+ " or file fills" + where(innermost.getProperty()) + ".", "Set what it names, or write the value itself.", invalid);
		}
		return new FailureAnalysis(invalid.real(innermost.getName().toString()) + " has a value that is "
				+ other(innermost.getTarget().getType().toClass()) + where(innermost.getProperty()) + ".",
				"Correct it; docs/configuration.md lists every property with its default.", invalid);
	}

	/** What the value is not. */
	private static String other(Class<?> type) {
		if (type.isEnum()) {
			return "none of " + Stream.of(type.getEnumConstants()).map(value -> value.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
					.collect(Collectors.joining(", "));
		}
		return switch (type.getSimpleName()) {
			case "Duration" -> "no Duration, such as 500ms, 25s or 5m";
			case "DataSize" -> "no DataSize, such as 512B, 64KB or 1MB";
			case "boolean", "Boolean" -> "no boolean: true or false";
			case "int", "Integer" -> "no whole number from 0 to 2147483647";
			default -> "no " + type.getSimpleName();
		};
	}

	private static <T> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable t = failure; t != null; t = t.getCause()) {
			if (type.isInstance(t)) {
				return type.cast(t);
			}
		}
		return null;
	}

	/** The message of a settings record, which is a sentence that begins with the property; null when there is none. */
	private static @Nullable String sentence(Throwable failure, @Nullable InvalidSettingException invalid) {
		for (Throwable t = failure; t != null; t = t.getCause()) {
			if (t instanceof IllegalArgumentException && t.getMessage() != null && t.getMessage().startsWith(SettingsReader.ROOT + '.')) {
				return invalid == null ? t.getMessage() : invalid.moved(t.getMessage());
			}
		}
		return null;
	}

	private static FailureAnalysis unknown(UnboundConfigurationPropertiesException unknown, InvalidSettingException invalid) {
		ConfigurationProperty first = unknown.getUnboundProperties().stream()
				.min(Comparator.comparing(property -> property.getName().toString())).orElseThrow();
		return new FailureAnalysis(invalid.real(first.getName().toString()) + " is no property of Hawser" + where(first) + ".",
				"Remove or correct it; docs/configuration.md lists every property.", invalid);
	}

	private static BindException innermost(InvalidSettingException invalid) {
		BindException innermost = Objects.requireNonNull((BindException) invalid.getCause());
		for (Throwable t = innermost; t != null; t = t.getCause()) {
			if (t instanceof BindException bind) {
				innermost = bind;
			}
		}
		return innermost;
	}

	private static String where(@Nullable ConfigurationProperty property) {
		return Optional.ofNullable(property).map(ConfigurationProperty::getOrigin).map(origin -> " (" + origin + ")").orElse("");
	}
}
