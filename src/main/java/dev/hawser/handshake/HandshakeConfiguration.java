package dev.hawser.handshake;

import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.TokenVerifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The rules and token verifiers of each hub. */
@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {
	private static final Section<HandshakeSettings> SECTION = Section.ofServerAndHubs("handshake", HandshakeSettings.class);

	@Bean("hawserHandshakeSection")
	static Section<HandshakeSettings> section() {
		return SECTION;
	}

	@Bean("hawserDevelopmentSecret")
	DevelopmentToken.Secret developmentSecret(Settings settings) {
		return DevelopmentToken.Secret.of(settings.of(SECTION).token());
	}

	@Bean("hawserHandshakePolicies")
	HandshakePolicies handshakePolicies(Settings settings, ObjectProvider<TokenVerifier> application, DevelopmentToken.Secret secret) {
		return new HandshakePolicies(SECTION, settings, application.getIfAvailable(), secret, TokenVerifier::of);
	}
}
