package dev.hawser.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Keeps what Spring Boot makes of Spring Data Redis out of a server without a configured Redis: it would look for one on localhost.
 * With one configured, Spring Boot's health of Redis stays out: a node still serves its own clients while Redis is away.
 */
final class RedisOnlyWhenConfigured implements AutoConfigurationImportFilter, EnvironmentAware {
	private static final String REDIS = "org.springframework.boot.data.redis.autoconfigure.";
	private static final Set<String> NEVER = Set.of(REDIS + "health", REDIS + "observation");

	private Environment environment = new StandardEnvironment();

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean configured = RedisConfigured.in(environment);
		boolean[] wanted = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			String name = classes[i];
			wanted[i] = name == null || !name.startsWith(REDIS) || (configured && NEVER.stream().noneMatch(name::startsWith));
		}
		return wanted;
	}
}
