package dev.hawser.handshake;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.util.WebUtils;

/**
 * Keeps pages of other sites from connecting with a visitor's cookies (RFC 6455 section 10.2): a browser's {@code Origin}
 * must be the server's own or a listed one. A client without {@code Origin} is no browser and passes.
 */
public final class OriginHandshakeInterceptor extends CheckingHandshakeInterceptor {
	private final List<String> allowed;

	public OriginHandshakeInterceptor(List<String> allowed) {
		this.allowed = List.copyOf(allowed);
	}

	@Override
	@Nullable HandshakeRejection check(ServerHttpRequest request, HandshakeRequest handshake) {
		List<String> origins = handshake.headers().getOrEmpty(HttpHeaders.ORIGIN);
		if (origins.isEmpty() || allowed.contains("*")) {
			return null;
		}
		// a browser sends one; which of several was meant nobody can say
		if (origins.size() == 1 && (allowed.contains(origins.getFirst()) || WebUtils.isSameOrigin(request))) {
			return null;
		}
		return HandshakeRejection.denied(403, "origin",
				"Pages of this origin may not connect; hawser.handshake.allowed-origins lists those that may.", Map.of());
	}
}
