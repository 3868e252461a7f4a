package dev.hawser.cluster;

import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether {@code spring.data.redis.*} names a Redis. Without one, the node is alone. */
final class RedisConfigured implements Condition {
	private static final String REDIS = "spring.data.redis.";
	private static final List<String> NAMING = List.of("host", "url", "sentinel.nodes", "cluster.nodes");

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return in(context.getEnvironment());
	}

	static boolean in(Environment environment) {
		Binder binder = Binder.get(environment);
		return NAMING.stream().map(name -> binder.bind(REDIS + name, Bindable.listOf(String.class)).orElse(List.of()))
				.anyMatch(values -> values.stream().anyMatch(value -> !value.isBlank()));
	}
}
