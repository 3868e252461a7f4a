package dev.hawser.application.hub;

import dev.hawser.api.Clients;
import dev.hawser.api.WebSocketServer;
import dev.hawser.callback.CallbackRegistry;
import dev.hawser.cluster.NodesEndpoint;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Hubs;
import dev.hawser.connection.SharedLimits;
import dev.hawser.handshake.HandshakeObserver;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.http.upgrade.HandshakeRoutes;
import dev.hawser.operations.Drain;
import dev.hawser.operations.OperatorKey;
import dev.hawser.operations.console.ConsoleFeed;
import dev.hawser.operations.console.KnownNodes;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.webhook.FailedDelivery;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/** The endpoints of all hubs. The order of a handshake's checks is in {@code handshake.Door}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class HubConfiguration {

	@Bean("hawserHubSection")
	static Section<HubSettings> section() {
		return HubEndpoint.SECTION;
	}

	@Bean("hawserHubPaths")
	static Settings.Rule paths() {
		return HubEndpoint::checkPaths;
	}

	/** An operator of a development start gets a key, as its clients get a token. */
	@Bean("hawserGeneratedOperatorKey")
	OperatorKey.Generated generatedOperatorKey(DevelopmentToken.Secret secret) {
		return new OperatorKey.Generated(secret.generated() == null ? null : DevelopmentToken.newSecret());
	}

	@Bean("hawserConsoleTokens")
	ConsoleTokens consoleTokens(OperatorKey operators, Settings settings, Environment environment) {
		return new ConsoleTokens(operators, settings, prefix(environment));
	}

	@Bean("hawserConsoleNodes")
	KnownNodes consoleNodes(ObjectProvider<NodesEndpoint> cluster) {
		return () -> cluster.stream().flatMap(endpoint -> endpoint.nodes().nodes().stream())
				.map(node -> new KnownNodes.Node(node.name(), node.state(), node.connections(), node.silent())).toList();
	}

	@Bean("hawserConsoleWebhooks")
	FailedDelivery.Listener consoleWebhooks(ConsoleFeed console) {
		return failed -> console.webhookFailed(failed.hub(), failed.connectionId(), failed.userId(), failed.event(), failed.backend(),
				failed.outcome());
	}

	@Bean("hawserStartupMessage")
	StartupMessage startupMessage(HandshakePolicies policies, DevelopmentToken.Secret secret, Settings settings, Environment environment) {
		return new StartupMessage(policies.of(Hub.DEFAULT).settings().token(), secret,
				prefix(environment) + HubEndpoint.paths(Hub.DEFAULT, settings).getFirst());
	}

	@Bean("hawserHubEndpoints")
	HubEndpoints hubEndpoints(Connections connections, HandshakePolicies policies, CallbackRegistry callbacks, WebSocketServer server,
			ObjectProvider<HandshakeObserver.Factory> observers, ObjectProvider<SharedLimits> limits, Drain drain) {
		return new HubEndpoints(connections, policies, callbacks, each -> callbacks.handler(server, each),
				HandshakeObserver.Factory.of(observers.orderedStream().toList())::ofHub, limits.getIfAvailable(() -> SharedLimits.NONE),
				drain);
	}

	@Bean("hawserWebSockets")
	WebSocketConfigurer webSocketConfigurer(Hubs hubs, HubEndpoints endpoints, Settings settings, HandshakeRoutes routes,
			Environment environment) {
		List<HubEndpoint> all = hubs.all().stream().map(hub -> endpoints.of(hub, HubEndpoint.paths(hub.name(), settings))).toList();
		return registry -> all.forEach(endpoint -> endpoint.answerOn(registry, routes, prefix(environment)));
	}

	/** What the servlet container and Spring MVC put before every path of the clients' port. */
	private static String prefix(Environment environment) {
		return Stream.of("server.servlet.context-path", "spring.mvc.servlet.path").map(name -> environment.getProperty(name, ""))
				.map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path).collect(Collectors.joining());
	}

	/** For Spring handlers of the application itself. */
	@Bean("hawserUpgradeStrategy")
	RequestUpgradeStrategy requestUpgradeStrategy(Hubs hubs, HubEndpoints endpoints) {
		return endpoints.strategy(hubs.get(Hub.DEFAULT));
	}

	@Bean("hawserTokenRenewal")
	TokenRenewalController tokenRenewalController(Connections connections, Clients clients, HandshakePolicies policies) {
		return new TokenRenewalController(connections, clients, policies);
	}

	/** Answers the browser's CORS preflight for a fresh token: pages that may connect may also renew. */
	@Bean("hawserRenewalCors")
	FilterRegistrationBean<CorsFilter> renewalCors(ObjectProvider<Settings> settings, ObjectProvider<HandshakePolicies> policies) {
		// the policies are read late: filters are created first, and an error in a hub's settings would be reported as an error of
		// the filter
		CorsConfiguration cors = new CorsConfiguration() {
			@Override
			public @Nullable String checkOrigin(@Nullable String origin) {
				return origin != null && settings.getObject().hubs().stream()
						.anyMatch(hub -> policies.getObject().of(hub).admitsPagesOf(origin)) ? origin : null;
			}
		};
		cors.setAllowedMethods(List.of("POST"));
		cors.setAllowedHeaders(List.of("Authorization"));
		FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(new CorsFilter(_ -> cors));
		filter.addUrlPatterns("/client/connections/*");
		return filter;
	}
}
