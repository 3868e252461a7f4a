package dev.hawser.application;

import dev.hawser.application.hub.DefaultPath;
import dev.hawser.application.hub.HubConfiguration;
import dev.hawser.application.settings.SettingsConfiguration;
import dev.hawser.callback.CallbackConfiguration;
import dev.hawser.connection.ConnectionConfiguration;
import dev.hawser.connection.Hub;
import dev.hawser.handshake.HandshakeConfiguration;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.http.HttpConfiguration;
import dev.hawser.operations.OperationsConfiguration;
import dev.hawser.operations.metrics.MetricsConfiguration;
import dev.hawser.push.PushConfiguration;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentSecret;
import dev.hawser.webhook.WebhookConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The rooms, one line each. The server still works when a room and its line are removed. */
@Configuration(proxyBeanMethods = false)
@Import({
		CallbackConfiguration.class,
		ConnectionConfiguration.class,
		HandshakeConfiguration.class,
		HttpConfiguration.class,
		HubConfiguration.class,
		MetricsConfiguration.class,
		OperationsConfiguration.class,
		PushConfiguration.class,
		SettingsConfiguration.class,
		WebhookConfiguration.class,
})
@EnableScheduling
class HawserConfiguration {

	/** Spring finds it by this name. */
	@Bean
	static OwnContextEvents applicationEventMulticaster(ApplicationContext context, BeanFactory beans) {
		return new OwnContextEvents(context, beans);
	}

	@Bean("hawserStartupMessage")
	StartupMessage startupMessage(HandshakePolicies policies, DevelopmentSecret secret, DefaultPath path, Settings settings) {
		return new StartupMessage(policies.of(Hub.DEFAULT).settings().token(), secret, path.path(),
				settings.of(OperationsConfiguration.SECTION).key() != null);
	}
}
