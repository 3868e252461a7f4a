package dev.hawser.application;

import dev.hawser.api.WebSocketServer;
import dev.hawser.token.DevelopmentSecret;
import dev.hawser.application.hub.HandshakePolicies;
import dev.hawser.application.hub.HubEndpoint;
import dev.hawser.application.hub.HubEndpoints;
import dev.hawser.application.hub.RenewableConnection;
import dev.hawser.application.hub.TokenRenewal;
import dev.hawser.application.settings.HawserSettings;
import dev.hawser.application.settings.SettingsReader;
import dev.hawser.application.settings.SettingsReload;
import dev.hawser.callback.CallbackRegistry;
import dev.hawser.callback.CallbackWebSocketHandler;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.connection.execution.CallbackThreads;
import dev.hawser.http.JettyCustomizer;
import dev.hawser.http.upgrade.HandshakeRoutes;
import dev.hawser.http.upgrade.WebSocketEndpoint;
import dev.hawser.operations.Drain;
import dev.hawser.operations.DrainEndpoint;
import dev.hawser.operations.DrainHealth;
import dev.hawser.operations.GracefulStop;
import dev.hawser.operations.OperatorKey;
import dev.hawser.operations.ReloadEndpoint;
import dev.hawser.operations.RevokeEndpoint;
import dev.hawser.operations.metrics.CallbackTimes;
import dev.hawser.operations.metrics.ConnectionMetrics;
import dev.hawser.operations.metrics.HandshakeMetrics;
import dev.hawser.operations.metrics.HubsHealth;
import dev.hawser.operations.metrics.NodeGauges;
import dev.hawser.operations.metrics.PushMetrics;
import dev.hawser.operations.metrics.Traces;
import dev.hawser.push.LocalWebSocketServer;
import dev.hawser.token.TokenVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/** Wires the parts. The order of the handshake's checks stands in {@code handshake.Door}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
@Import(HawserConfiguration.Settings.class)
class HawserConfiguration {

	/** The settings are read by Hawser itself, since hubs inherit from the rest. */
	@Configuration(proxyBeanMethods = false)
	static class Settings {
		@Bean
		static BeanFactoryPostProcessor settingsReader(ConfigurableEnvironment environment) {
			return beans -> beans.registerSingleton("hawserSettings", SettingsReader.read(environment));
		}
	}

	@Bean
	Traces traces(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
		return new Traces(tracer.getIfAvailable(), propagator.getIfAvailable());
	}

	@Bean
	HandshakeRoutes handshakeRoutes(Traces traces) {
		return new HandshakeRoutes((request, handshake) -> traces.handshake(request, handshake::run));
	}

	@Bean
	JettyCustomizer jettyCustomizer(HandshakeRoutes shortcut, HawserSettings settings, MeterRegistry registry) {
		return new JettyCustomizer(shortcut, settings.clientAddress(), settings.request(),
				new HandshakeMetrics(registry, HandshakeMetrics.NO_HUB)::rejected);
	}

	@Bean
	DevelopmentSecret signingSecret(HawserSettings settings) {
		return DevelopmentSecret.of(settings.handshake().token());
	}

	@Bean
	Connections connections(HawserSettings settings) {
		String node = settings.node() != null ? settings.node() : UUID.randomUUID().toString().substring(0, 8);
		return new Connections(node, new CallbackThreads());
	}

	@Bean
	WebSocketServer webSocketServer(Connections connections, MeterRegistry registry) {
		return new LocalWebSocketServer(connections, PushMetrics.ofNoHub(registry));
	}

	@Bean
	Drain drain(Connections connections, ApplicationContext context, HawserSettings settings) {
		return new Drain(connections, context, settings.drain());
	}

	@Bean
	GracefulStop gracefulStop(Drain drain) {
		return new GracefulStop(drain);
	}

	@Bean
	DrainEndpoint drainEndpoint(Drain drain) {
		return new DrainEndpoint(drain);
	}

	@Bean
	DrainHealth drainHealthIndicator(Drain drain) {
		return new DrainHealth(drain);
	}

	@Bean
	HubsHealth hubsHealthIndicator(HubEndpoints hubs) {
		return new HubsHealth(hubs.all().stream().map(HubEndpoint::hub).toList());
	}

	@Bean
	NodeGauges nodeGauges(HubEndpoints hubs, Connections connections, Drain drain) {
		return new NodeGauges(hubs.all().stream().map(HubEndpoint::hub).toList(), connections,
				() -> drain.progress().state() != Drain.State.SERVING);
	}

	@Bean
	RevokeEndpoint revokeEndpoint(WebSocketServer server) {
		return new RevokeEndpoint(server);
	}

	@Bean
	OperatorKey operatorKey(HawserSettings settings) {
		return new OperatorKey(settings.operations());
	}

	@Bean
	SettingsReload settingsReload(ConfigurableEnvironment environment, HubEndpoints hubs, HandshakePolicies verifiers,
			OperatorKey operatorKey, HawserSettings settings) {
		return new SettingsReload(environment, hubs, verifiers, operatorKey, settings);
	}

	@Bean
	ReloadEndpoint reloadEndpoint(SettingsReload reload) {
		return new ReloadEndpoint(reload);
	}

	@Bean
	StartupMessage startupMessage(HawserSettings settings, DevelopmentSecret secret, HubEndpoints hubs) {
		HubEndpoint first = hubs.get(Hub.DEFAULT);
		return new StartupMessage(first.policy().settings().token(), secret, first.paths().getFirst(),
				settings.operations().key() != null);
	}

	@Bean
	HandshakePolicies verifierSource(ObjectProvider<TokenVerifier> application, DevelopmentSecret secret) {
		return new HandshakePolicies(application.getIfAvailable(), secret);
	}

	@Bean
	HubEndpoints liveHubs(HawserSettings settings, ListableBeanFactory beans, WebSocketServer server, HandshakePolicies verifiers,
			MeterRegistry registry, Traces traces) {
		CallbackTimes times = new CallbackTimes(registry);
		CallbackRegistry callbacks = new CallbackRegistry(beans, settings.callbacks());
		callbacks.check(settings.hubs().keySet());
		return HubEndpoints.of(settings.hubs(), (name, hub) -> new HubEndpoint(
				new Hub(name, hub.connection(), new ConnectionMetrics(registry, name, times, traces)), hub,
				verifiers.policy(hub.handshake()),
				callbacks.find(name), traces.outcomes(name, new HandshakeMetrics(registry, name))));
	}

	@Bean
	TokenRenewal tokenRenewal(HubEndpoints hubs, Connections connections) {
		return new TokenRenewal(id -> {
			WebSocketConnection found = connections.find(id);
			return found == null || !found.isOpen() ? null : new RenewableConnection(found, hubs.get(found.hub().name()));
		});
	}

	/** Browsers ask first whether pages of their origin may present a token: those may that may connect. */
	@Bean
	FilterRegistrationBean<CorsFilter> renewalCors(ObjectProvider<HubEndpoints> hubs) {
		// the hubs are asked late: filters are made first of all, and what is wrong with a hub would be reported as a filter's fault
		CorsConfiguration cors = new CorsConfiguration() {
			@Override
			public @Nullable String checkOrigin(@Nullable String origin) {
				return origin != null && hubs.getObject().all().stream().anyMatch(hub -> hub.policy().origins().contains(origin))
						? origin : null;
			}
		};
		cors.setAllowedMethods(List.of("POST"));
		cors.setAllowedHeaders(List.of("Authorization"));
		FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(new CorsFilter(_ -> cors));
		filter.addUrlPatterns("/client/connections/*");
		return filter;
	}

	@Bean
	RequestUpgradeStrategy requestUpgradeStrategy(HubEndpoints hubs, Connections connections) {
		return hubs.get(Hub.DEFAULT).strategy(connections);
	}

	@Bean
	WebSocketConfigurer webSocketConfigurer(HubEndpoints hubs, WebSocketServer server, Connections connections, Drain drain,
			HawserSettings settings, HandshakeRoutes routes) {
		return registry -> {
			for (HubEndpoint hub : hubs.all()) {
				WebSocketHandler handler = new CallbackWebSocketHandler(server, hub.callbacks(), settings.callbacks());
				WebSocketEndpoint endpoint = hub.endpoint(handler, connections, drain::turnsAway);
				registry.addHandler(handler, hub.paths().toArray(String[]::new)).setHandshakeHandler(endpoint.handshake())
						.setAllowedOriginPatterns("*") // the origin has been checked: Spring's own check would answer without a body
						.addInterceptors(endpoint.interceptors());
				hub.paths().forEach(path -> routes.serve(path, endpoint));
			}
		};
	}
}
