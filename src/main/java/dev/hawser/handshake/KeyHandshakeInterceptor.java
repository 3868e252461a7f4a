package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * First of the interceptors: numbers the request and checks that it is a WebSocket handshake, key and all (RFC 6455
 * section 4.2.1). It only notes what it finds; {@link DecidingHandshakeInterceptor} acts on it.
 */
final class KeyHandshakeInterceptor implements HandshakeInterceptor {
	private final String hub;
	private final LongSupplier nextFd;
	private final Supplier<HandshakePolicy> policy;

	/**
	 * @param hub    the endpoint's name
	 * @param nextFd gives each handshake the number that its connection will have
	 */
	KeyHandshakeInterceptor(String hub, LongSupplier nextFd, Supplier<HandshakePolicy> policy) {
		this.hub = hub;
		this.policy = policy;
		this.nextFd = nextFd;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		Handshake handshake = new Handshake(hub, nextFd.getAsLong(), request, attributes,
				policy.get().settings().subprotocolLength().toBytes());
		HandshakeRejection rejection = HandshakeRules.of(request, handshake.headers()).check(handshake.hasReadableQuery(),
				handshake.offered());
		if (rejection != null) {
			handshake.rejected(rejection);
		}
		return true;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}
}
