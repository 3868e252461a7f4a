package dev.hawser;

import dev.hawser.StartupMessage.SigningSecret;
import dev.hawser.connection.Connections;
import dev.hawser.event.CallbackRegistry;
import dev.hawser.event.CallbackWebSocketHandler;
import dev.hawser.event.Callbacks;
import dev.hawser.event.HandShakeDecision;
import dev.hawser.event.LocalWebSocketServer;
import dev.hawser.event.WebSocketServer;
import dev.hawser.handshake.AdmissionHandshakeInterceptor;
import dev.hawser.handshake.DecidingHandshakeInterceptor;
import dev.hawser.handshake.HandshakeRequest;
import dev.hawser.handshake.HawserHandshakeHandler;
import dev.hawser.handshake.JwtTokenVerifier;
import dev.hawser.handshake.KeyHandshakeInterceptor;
import dev.hawser.handshake.LimitSettings;
import dev.hawser.handshake.OriginHandshakeInterceptor;
import dev.hawser.handshake.TokenHandshakeInterceptor;
import dev.hawser.handshake.TokenVerifier;
import dev.hawser.metrics.ConnectionMetrics;
import dev.hawser.metrics.HandshakeMetrics;
import dev.hawser.upgrade.HandshakeShortcut;
import dev.hawser.upgrade.HawserUpgradeStrategy;
import dev.hawser.upgrade.HeadLimits;
import dev.hawser.upgrade.JettyCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/** Wires the parts. The order of the handshake's checks stands in {@link #webSocketConfigurer}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
@EnableConfigurationProperties(HawserSettings.class)
class HawserConfiguration {
	static final String PATH = "/ws";

	@Bean
	HandshakeShortcut handshakeShortcut() {
		return new HandshakeShortcut();
	}

	@Bean
	JettyCustomizer jettyCustomizer(HandshakeShortcut shortcut, HawserSettings settings, HandshakeMetrics metrics) {
		LimitSettings limits = settings.limits();
		return new JettyCustomizer(shortcut, settings.clientAddress(),
				new HeadLimits((int) limits.headerSize().toBytes(), limits.headerCount()), metrics::rejected);
	}

	@Bean
	SigningSecret signingSecret(HawserSettings settings) {
		return SigningSecret.of(settings.handshake().token());
	}

	@Bean
	@ConditionalOnMissingBean
	TokenVerifier tokenVerifier(HawserSettings settings, SigningSecret secret) {
		return new JwtTokenVerifier(secret.value(), settings.handshake().token());
	}

	@Bean
	ConnectionMetrics connectionMetrics(MeterRegistry registry) {
		return new ConnectionMetrics(registry);
	}

	@Bean
	HandshakeMetrics handshakeMetrics(MeterRegistry registry) {
		return new HandshakeMetrics(registry);
	}

	@Bean
	Connections connections(HawserSettings settings, ConnectionMetrics metrics) {
		String node = settings.node() != null ? settings.node() : UUID.randomUUID().toString().substring(0, 8);
		return new Connections(node, settings.connection(), metrics, Thread::startVirtualThread);
	}

	@Bean
	WebSocketServer webSocketServer(Connections connections) {
		return new LocalWebSocketServer(connections);
	}

	@Bean
	RequestUpgradeStrategy requestUpgradeStrategy(Connections connections) {
		return new HawserUpgradeStrategy(connections, attributes -> fdOf(attributes, connections));
	}

	private static long fdOf(Map<String, Object> attributes, Connections connections) {
		return attributes.get(HandshakeRequest.ATTRIBUTE) instanceof HandshakeRequest request ? request.fd() : connections.nextFd();
	}

	@Bean
	GracefulStop gracefulStop(Connections connections, ApplicationContext context, HawserSettings settings) {
		return new GracefulStop(connections, context, settings.shutdownTimeout());
	}

	@Bean
	StartupMessage startupMessage(HawserSettings settings, SigningSecret secret) {
		return new StartupMessage(settings.handshake().token(), secret);
	}

	@Bean
	Callbacks callbacks(ListableBeanFactory beans, HawserSettings settings) {
		return new CallbackRegistry(beans, settings.callbacks()).find();
	}

	@Bean
	CallbackWebSocketHandler callbackWebSocketHandler(WebSocketServer server, Callbacks callbacks, HawserSettings settings) {
		return new CallbackWebSocketHandler(server, callbacks, settings.callbacks());
	}

	@Bean
	HawserHandshakeHandler handshakeHandler(RequestUpgradeStrategy strategy, HawserSettings settings, HandshakeMetrics metrics) {
		return new HawserHandshakeHandler(strategy, settings.handshake(), metrics);
	}

	@Bean
	WebSocketConfigurer webSocketConfigurer(CallbackWebSocketHandler handler, HawserHandshakeHandler handshakeHandler,
			HandshakeInterceptor[] handshakeInterceptors, HandshakeShortcut shortcut) {
		return registry -> {
			registry.addHandler(handler, PATH).setHandshakeHandler(handshakeHandler)
					.setAllowedOriginPatterns("*") // the origin has been checked: Spring's own check would answer without a body
					.addInterceptors(handshakeInterceptors);
			shortcut.serve(PATH, handler, handshakeHandler, handshakeInterceptors);
		};
	}

	/** The checks of every handshake, in their order: is it one, may anybody come in, from that page, with that ticket. */
	@Bean
	HandshakeInterceptor[] handshakeInterceptors(HawserSettings settings, Connections connections, GracefulStop stop,
			TokenVerifier verifier, Callbacks callbacks, HandshakeMetrics metrics) {
		return new HandshakeInterceptor[] {
				new KeyHandshakeInterceptor(connections::nextFd, settings.limits()),
				new AdmissionHandshakeInterceptor(stop::isStopping),
				new OriginHandshakeInterceptor(settings.handshake().allowedOrigins()),
				new TokenHandshakeInterceptor(verifier, settings.handshake().token()),
				new DecidingHandshakeInterceptor(
						callbacks.onHandShake() == null ? null : new HandShakeDecision(callbacks.onHandShake()), metrics) };
	}
}
