package dev.hawser.handshake;

import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.HubTokens;
import dev.hawser.token.KeysElsewhere;
import dev.hawser.token.TokenVerifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** The rules and token verifiers of each hub. */
@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {
	private static final Section<HandshakeSettings> SECTION = Section.ofServerAndHubs("handshake", HandshakeSettings.class);

	@Bean("hawserHandshakeSection")
	static Section<HandshakeSettings> section() {
		return SECTION;
	}

	@Bean("hawserDevelopmentSecret")
	DevelopmentToken.Secret developmentSecret(Settings settings, ObjectProvider<KeysElsewhere> others) {
		return others.stream().anyMatch(each -> each.areIn(settings)) ? new DevelopmentToken.Secret(null)
				: DevelopmentToken.Secret.of(settings.of(SECTION).token());
	}

	@Bean("hawserHandshakePolicies")
	HandshakePolicies handshakePolicies(Settings settings, ObjectProvider<TokenVerifier> application, DevelopmentToken.Secret secret,
			ObjectProvider<HubTokens> elsewhere) {
		return new HandshakePolicies(SECTION, settings, new TokenSources(application.getIfAvailable(), secret, TokenVerifier::of,
				HubTokens.of(elsewhere.orderedStream().toList())));
	}

	/** Found by Spring MVC through its type. It asks for the policies late, since it is made with the first of the web server's beans. */
	@Bean("hawserControllersForClients")
	MappedInterceptor clientTokensOfControllers(ObjectProvider<HandshakePolicies> policies) {
		return new MappedInterceptor(null, new ClientTokenInterceptor(policies::getObject));
	}
}
