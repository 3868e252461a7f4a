package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * One check of a well-formed handshake, as one of Spring's interceptors. It notes what it finds, which {@link DecidingHandshakeInterceptor}
 * answers, and is skipped when an earlier check has found something. Called on the threads that handle handshakes.
 */
@FunctionalInterface
public interface HandshakeCheck extends HandshakeInterceptor {

	/** The objection to the handshake, or null. */
	@Nullable
	HandshakeRejection check(Handshake handshake);

	@Override
	default boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		Handshake handshake = Handshake.of(attributes);
		if (handshake.rejection().isEmpty()) {
			HandshakeRejection rejection = check(handshake);
			if (rejection != null) {
				handshake.rejected(rejection);
			}
		}
		return true;
	}

	@Override
	default void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}
}
