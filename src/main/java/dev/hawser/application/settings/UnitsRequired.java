package dev.hawser.application.settings;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.unit.DataSize;

/**
 * Refuses times and sizes without a unit. Spring Boot reads them as milliseconds and bytes, but an operator who writes 25 usually
 * means seconds. Zero needs none. Refuses fractions where a whole number is needed, too.
 *
 * @param placeholders resolves placeholders in values
 */
record UnitsRequired(PlaceholdersResolver placeholders) implements BindHandler {
	private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?0*[1-9][0-9]*\\s*");

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
		ConfigurationProperty property = context.getConfigurationProperty();
		if (result instanceof Integer && property != null && property.getValue() instanceof Double exact && exact != Math.rint(exact)) {
			throw new IllegalArgumentException(SettingsReader.ROOT + '.' + name + " is a fraction, and has to be a whole number.");
		}
		String advice = result instanceof Duration ? "a time needs its unit, such as 500ms, 25s or 5m"
				: result instanceof DataSize ? "a size needs its unit, such as 512B, 64KB or 1MB" : null;
		if (advice != null && property != null && property.getName().equals(name)
				&& NUMBER.matcher(String.valueOf(placeholders.resolvePlaceholders(property.getValue()))).matches()) {
			throw new IllegalArgumentException(SettingsReader.ROOT + '.' + name + " is a number alone: " + advice + "; only 0 needs none.");
		}
		return result;
	}
}
