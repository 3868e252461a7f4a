package dev.hawser.application;

import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Puts the rooms together. */
@Configuration(proxyBeanMethods = false)
@Import(HawserConfiguration.Rooms.class)
@EnableScheduling
class HawserConfiguration {

	/**
	 * The rooms, one line each. The server still works when a room and its line are removed. They are named, since a configuration
	 * is for Spring alone: no other class needs to see it.
	 */
	static final class Rooms implements ImportSelector {
		@Override
		public String[] selectImports(AnnotationMetadata importing) {
			return Stream.of(
					"callback.CallbackConfiguration",
					"cluster.ClusterConfiguration",
					"connection.ConnectionConfiguration",
					"handshake.HandshakeConfiguration",
					"http.HttpConfiguration",
					"application.hub.HubConfiguration",
					"operations.console.ConsoleConfiguration",
					"operations.metrics.MetricsConfiguration",
					"operations.OperationsConfiguration",
					"push.PushConfiguration",
					"push.rest.RestConfiguration",
					"application.settings.SettingsConfiguration",
					"subprotocol.SubprotocolConfiguration",
					"webhook.WebhookConfiguration")
					.map(name -> "dev.hawser." + name).toArray(String[]::new);
		}
	}

	/** Spring Boot makes no {@code LogbackMetrics} of its own where there is one. */
	@Bean
	LogCounts logCounts() {
		return new LogCounts();
	}

	/** Spring finds it by this name. */
	@Bean
	static OwnContextEvents applicationEventMulticaster(ApplicationContext context, BeanFactory beans) {
		return new OwnContextEvents(context, beans);
	}
}
