package dev.hawser.application.settings;

import java.util.Comparator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.PlaceholderResolutionException;

/** Says in one sentence which property is wrong and what to do. Values are not repeated: one may be a secret. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer implements FailureAnalyzer {
	private static final String PREFIX = "hawser";

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		BindException cause = find(failure, BindException.class);
		if (cause != null && !cause.getName().toString().startsWith(PREFIX)) {
			return null;
		}
		String sentence = sentence(failure);
		if (sentence != null) {
			return new FailureAnalysis(sentence, null, failure);
		}
		return cause == null ? null : analyze(cause, find(failure, SettingsReader.InvalidHubException.class));
	}

	/** One sentence about settings that are bad. */
	static String describe(Throwable failure) {
		FailureAnalysis analysis = new SettingsFailureAnalyzer().analyze(failure);
		return analysis != null ? analysis.getDescription() : "The configuration cannot be read: " + failure.getMessage();
	}

	private static FailureAnalysis analyze(BindException cause, SettingsReader.@Nullable InvalidHubException ofHub) {
		UnaryOperator<String> named = ofHub == null ? UnaryOperator.identity() : ofHub::real;
		UnboundConfigurationPropertiesException unknown = find(cause, UnboundConfigurationPropertiesException.class);
		if (unknown != null) {
			return unknown(unknown, cause, named);
		}
		BindException innermost = innermost(cause);
		PlaceholderResolutionException unfilled = find(cause, PlaceholderResolutionException.class);
		if (unfilled != null) {
			return new FailureAnalysis(named.apply(innermost.getName().toString()) + " has a placeholder ${...} that no property, variable"
					+ " or file fills" + where(innermost.getProperty()) + ".", "Set what it names, or write the value itself.", cause);
		}
		String type = String.valueOf(innermost.getTarget().getType().toClass().getSimpleName());
		return new FailureAnalysis(named.apply(innermost.getName().toString()) + " has a value that is no " + type
				+ where(innermost.getProperty()) + ".", "Correct it; the README lists every property with its default.", cause);
	}

	private static <T> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable t = failure; t != null; t = t.getCause()) {
			if (type.isInstance(t)) {
				return type.cast(t);
			}
		}
		return null;
	}

	/** What a settings record objects to, as the records say it: a sentence that begins with the property. */
	private static @Nullable String sentence(Throwable failure) {
		SettingsReader.InvalidHubException ofHub = find(failure, SettingsReader.InvalidHubException.class);
		for (Throwable t = failure; t != null; t = t.getCause()) {
			if (t instanceof IllegalArgumentException && t.getMessage() != null && t.getMessage().startsWith(PREFIX + '.')) {
				return ofHub == null ? t.getMessage() : ofHub.real(t.getMessage());
			}
		}
		return null;
	}

	private static FailureAnalysis unknown(UnboundConfigurationPropertiesException unknown, BindException cause,
			UnaryOperator<String> named) {
		ConfigurationProperty first = unknown.getUnboundProperties().stream()
				.min(Comparator.comparing(property -> property.getName().toString())).orElseThrow();
		return new FailureAnalysis(named.apply(first.getName().toString()) + " is no property of Hawser" + where(first) + ".",
				"Remove or correct it; the README lists every property.", cause);
	}

	private static BindException innermost(BindException cause) {
		BindException innermost = cause;
		for (Throwable t = cause; t != null; t = t.getCause()) {
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
