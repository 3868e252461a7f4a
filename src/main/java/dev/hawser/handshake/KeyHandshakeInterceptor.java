package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * The first of the interceptors. Numbers the request and checks that it is a WebSocket handshake with a valid key (RFC 6455 section
 * 4.2.1). A refusal is only recorded; {@link DecidingHandshakeInterceptor} answers with it.
 */
final class KeyHandshakeInterceptor implements HandshakeInterceptor {
	private final String hub;
	private final LongSupplier nextFd;
	private final LongFunction<String> connectionId;
	private final Supplier<HandshakePolicy> policy;

	/**
	 * @param hub the hub's name
	 * @param nextFd gives each handshake the number that its connection will have
	 * @param connectionId names the connection of a number
	 */
	KeyHandshakeInterceptor(String hub, LongSupplier nextFd, LongFunction<String> connectionId, Supplier<HandshakePolicy> policy) {
		this.hub = hub;
		this.policy = policy;
		this.nextFd = nextFd;
		this.connectionId = connectionId;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		long fd = nextFd.getAsLong();
		Handshake handshake = new Handshake(hub, fd, connectionId.apply(fd), request, attributes,
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
