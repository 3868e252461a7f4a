package dev.hawser.http;

import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.handshake.HandshakeContext;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.http.proxy.ClientAddressSettings;
import dev.hawser.http.upgrade.HandshakeRoutes;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The HTTP server of the clients' port. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {
	static final Section<ClientAddressSettings> CLIENT_ADDRESS = Section.ofServer("client-address", ClientAddressSettings.class);
	static final Section<RequestSettings> REQUEST = Section.ofServer("request", RequestSettings.class);

	@Bean("hawserClientAddressSection")
	static Section<ClientAddressSettings> clientAddressSection() {
		return CLIENT_ADDRESS;
	}

	@Bean("hawserRequestSection")
	static Section<RequestSettings> requestSection() {
		return REQUEST;
	}

	@Bean("hawserHandshakeRoutes")
	HandshakeRoutes handshakeRoutes(ObjectProvider<HandshakeContext> context) {
		return new HandshakeRoutes(context.getIfAvailable(() -> (_, handshake) -> handshake.run()));
	}

	@Bean("hawserJetty")
	JettyCustomizer jettyCustomizer(HandshakeRoutes routes, Settings settings, MemoryBudget memory,
			@Value("${server.servlet.context-path:}") String contextPath, ObjectProvider<HandshakeObserver.Factory> observers) {
		return new JettyCustomizer(routes, contextPath, settings.of(CLIENT_ADDRESS), settings.of(REQUEST), memory, refused(observers));
	}

	@Bean("hawserSelectors")
	WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> selectors(EngineThreads engine) {
		return factory -> factory.addServerCustomizers(server -> engine.add(() -> Selectors.of(server)));
	}

	@Bean("hawserBrokenRequests")
	BrokenRequestResolver brokenRequestResolver(ObjectProvider<HandshakeObserver.Factory> observers) {
		return new BrokenRequestResolver(refused(observers));
	}

	/** Receives the reason of each request that is refused before it is routed. */
	private static Consumer<String> refused(ObjectProvider<HandshakeObserver.Factory> observers) {
		return HandshakeObserver.Factory.of(observers.orderedStream().toList()).ofNoHub()::rejected;
	}

	@Bean("hawserNothingThere")
	NothingThereAdvice nothingThere() {
		return new NothingThereAdvice();
	}

	@Bean("hawserErrorPath")
	FilterRegistrationBean<ErrorPathFilter> errorPath(@Value("${spring.web.error.path:${error.path:/error}}") String path) {
		return ErrorPathFilter.at(path);
	}
}
