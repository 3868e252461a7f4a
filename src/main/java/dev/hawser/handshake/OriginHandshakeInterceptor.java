package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Keeps pages of other sites from connecting with a visitor's cookies (RFC 6455 section 10.2): a browser's {@code Origin} must be
 * the server's own or an allowed one. A client without {@code Origin} is not a browser and passes, unless the settings require the
 * header of every client.
 */
final class OriginHandshakeInterceptor implements HandshakeCheck {
	private static final HandshakeRejection REFUSED = HandshakeRejection.denied(403, "origin",
			"Pages of this origin may not connect; hawser.handshake.allowed-origins lists those that may.", Map.of());
	private static final HandshakeRejection MISSING = HandshakeRejection.denied(403, "origin",
			"An Origin header is needed here.", Map.of());

	private final Supplier<HandshakePolicy> policy;

	OriginHandshakeInterceptor(Supplier<HandshakePolicy> policy) {
		this.policy = policy;
	}

	@Override
	public @Nullable HandshakeRejection check(Handshake handshake) {
		List<String> origins = handshake.headers().getOrEmpty(HttpHeaders.ORIGIN);
		HandshakePolicy current = policy.get();
		if (origins.isEmpty()) {
			return current.settings().requireOrigin() ? MISSING : null;
		}
		if (current.origins().containsAll()) {
			return null;
		}
		// a browser sends exactly one; several would be ambiguous
		return origins.size() == 1 && (mayConnect(origins.getFirst(), handshake, current.origins())
				|| isAdmittedByToken(origins.getFirst(), handshake, current)) ? null : REFUSED;
	}

	/** Only a token that the page has put into the URL itself: a browser would send a cookie for every page. */
	private static boolean isAdmittedByToken(String page, Handshake handshake, HandshakePolicy policy) {
		String token = handshake.query().getFirst("access_token");
		return token != null && policy.elsewhere().admits(page, token);
	}

	private static boolean mayConnect(String page, Handshake handshake, AllowedOrigins allowed) {
		Origin origin = Origin.of(page);
		return (origin != null && origin.equals(Origin.ofAddress(handshake.address()))) || allowed.contains(page);
	}
}
