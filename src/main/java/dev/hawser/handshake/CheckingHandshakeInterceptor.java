package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** One check of a well-formed handshake. Skipped when an earlier check has already found something. */
abstract class CheckingHandshakeInterceptor implements HandshakeInterceptor {

	/** What speaks against the handshake, or null. */
	abstract @Nullable HandshakeRejection check(ServerHttpRequest request, Handshake handshake);

	@Override
	public final boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		Handshake handshake = (Handshake) attributes.get(Handshake.ATTRIBUTE);
		if (handshake.rejection().isEmpty()) {
			HandshakeRejection rejection = check(request, handshake);
			if (rejection != null) {
				handshake.rejected(rejection);
			}
		}
		return true;
	}

	@Override
	public final void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}
}
