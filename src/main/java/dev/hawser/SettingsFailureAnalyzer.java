package dev.hawser;

import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in one sentence which property is wrong and what to do. Values are not repeated: one may be a secret. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
	private static final String PREFIX = "hawser";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (!cause.getName().toString().startsWith(PREFIX)) {
			return null;
		}
		UnboundConfigurationPropertiesException unknown = findCause(cause, UnboundConfigurationPropertiesException.class);
		if (unknown != null) {
			return unknown(unknown, cause);
		}
		for (Throwable t = rootFailure; t != null; t = t.getCause()) {
			if (t instanceof IllegalArgumentException && t.getMessage() != null && t.getMessage().startsWith(PREFIX + ".")) {
				return new FailureAnalysis(t.getMessage(), null, cause);
			}
		}
		BindException innermost = innermost(cause);
		String type = String.valueOf(innermost.getTarget().getType().toClass().getSimpleName());
		return new FailureAnalysis(innermost.getName() + " has a value that is no " + type + where(innermost.getProperty()) + ".",
				"Correct it; the README lists every property with its default.", cause);
	}

	private static FailureAnalysis unknown(UnboundConfigurationPropertiesException unknown, BindException cause) {
		ConfigurationProperty first = unknown.getUnboundProperties().stream()
				.min(Comparator.comparing(property -> property.getName().toString())).orElseThrow();
		return new FailureAnalysis(first.getName() + " is no property of Hawser" + where(first) + ".",
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
