package dev.hawser.application;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * Turns tracing off unless an endpoint for traces is configured. Without this, Spring Boot would make spans, run a thread for them,
 * reserve space for their ids in the log, and discard them.
 */
final class TracingSwitch implements EnvironmentPostProcessor, AutoConfigurationImportFilter, EnvironmentAware {
	static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
	private static final String ENABLED = "management.tracing.export.enabled";

	private @Nullable Environment environment;

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources().addLast(new OffWithoutEndpoint(environment));
	}

	/**
	 * Looks for the endpoint only when a property is read, since OpenTelemetry's environment variables become properties later. The
	 * environment is not passed as the source: Spring Boot reads the properties of such a source one by one, and would then find
	 * this source again.
	 */
	private static final class OffWithoutEndpoint extends PropertySource<Object> {
		private final Environment environment;

		OffWithoutEndpoint(Environment environment) {
			super("tracingSwitch");
			this.environment = environment;
		}

		@Override
		public @Nullable Object getProperty(String name) {
			return name.equals(ENABLED) && !hasEndpoint(environment) ? "false" : null;
		}
	}

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean on = environment != null && isOn(environment);
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			matches[i] = on || classes[i] == null || !isOfTracing(classes[i]);
		}
		return matches;
	}

	private static boolean isOfTracing(String type) {
		return type.startsWith("org.springframework.boot.micrometer.tracing.")
				|| type.startsWith("org.springframework.boot.opentelemetry.");
	}

	private static boolean isOn(Environment environment) {
		return hasEndpoint(environment) && environment.getProperty(ENABLED, Boolean.class, true);
	}

	private static boolean hasEndpoint(Environment environment) {
		return StringUtils.hasText(environment.getProperty(ENDPOINT));
	}
}
