package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * One check of a well-formed handshake, as an interceptor of Spring. A refusal is recorded in the handshake and answered by {@link
 * DecidingHandshakeInterceptor}; after a refusal the later checks are skipped. Called on the threads that handle handshakes.
 */
@FunctionalInterface
public interface HandshakeCheck extends HandshakeInterceptor {
	/** Time after which a client may try again when what is missing takes a while: an answer of the issuer, a free place. */
	Duration LATER = Duration.ofSeconds(5);

	/** The reason to refuse the handshake; null when the check accepts it. */
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
