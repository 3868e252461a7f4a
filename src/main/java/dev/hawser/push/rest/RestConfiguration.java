package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.connection.Hubs;
import dev.hawser.push.ConnectionTokens;
import dev.hawser.push.SharedAnswers;
import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.HubTokens;
import dev.hawser.token.KeysElsewhere;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** The push API: its keys, its door, its routes. */
@Configuration(proxyBeanMethods = false)
class RestConfiguration {

	@Bean("hawserPushSection")
	static Section<PushSettings> section() {
		return PushKeys.SECTION;
	}

	@Bean("hawserClientUrlSection")
	static Section<ClientUrlSettings> clientUrlSection() {
		return PushKeys.CLIENT_URL;
	}

	@Bean("hawserPushHubs")
	static Settings.Rule hubs() {
		return PushKeys::checkHubs;
	}

	@Bean("hawserPushKeysElsewhere")
	static KeysElsewhere keysElsewhere() {
		return settings -> settings.of(PushKeys.SECTION).hasKey();
	}

	@Bean("hawserPushKeys")
	PushKeys pushKeys(Settings settings, DevelopmentToken.Secret development) {
		return new PushKeys(settings, development);
	}

	@Bean("hawserConnectionTokenKeys")
	ConnectionTokens.Keys connectionTokenKeys(PushKeys keys) {
		return keys::all;
	}

	@Bean("hawserClientUrl")
	ReloadParticipant clientUrl(PushKeys keys) {
		return keys.ofClientUrl();
	}

	@Bean("hawserClientTokens")
	HubTokens clientTokens(PushKeys keys) {
		return new ClientTokenCheck(keys);
	}

	@Bean("hawserPushMessage")
	PushMessage pushMessage(PushKeys keys) {
		return new PushMessage(keys);
	}

	@Bean("hawserApiMeters")
	ApiMeters apiMeters(MeterRegistry registry) {
		return new ApiMeters(registry);
	}

	@Bean("hawserApiRoutes")
	Routes apiRoutes(Clients clients, Hubs hubs, PushKeys keys, Environment environment, ObjectProvider<SharedAnswers> others,
			ApiMeters meters) {
		SharedAnswers shared = others.getIfAvailable();
		return new Routes(clients, hubs, keys, () -> environment.getProperty("local.server.port", Integer.class, 0),
				shared == null ? null : new ElsewhereAnswered(shared), meters);
	}

	@Bean("hawserApiDoor")
	ApiDoor apiDoor(PushKeys keys, ApiRoutes routes, ApiMeters meters) {
		return new ApiDoor(keys, routes, meters);
	}

	/** On the clients' port. */
	@Bean("hawserClientApi")
	FilterRegistrationBean<ApiFilter> clientApi(ObjectProvider<ApiDoor> door, ObjectProvider<PushKeys> keys) {
		// both are asked for late: filters are created first, and a bad setting would be reported as an error of the filter
		return ApiFilter.on(SingletonSupplier.of(door::getObject), () -> keys.getObject().areForClientPort());
	}
}
