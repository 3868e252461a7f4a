package dev.hawser.handshake;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;

/**
 * Asks for the ticket. A token comes in {@code Authorization: Bearer}, in the query parameter {@code access_token}, as
 * {@code bearer, <token>} in {@code Sec-WebSocket-Protocol}, or in a cookie; the first of these that is there counts.
 */
public final class TokenHandshakeInterceptor extends CheckingHandshakeInterceptor {
	private static final Logger LOG = LoggerFactory.getLogger(TokenHandshakeInterceptor.class);
	private static final String SCHEME = "Bearer ";
	private static final String CHALLENGE = "Bearer realm=\"hawser\"";

	private final Supplier<HandshakePolicy> policy;

	public TokenHandshakeInterceptor(Supplier<HandshakePolicy> policy) {
		this.policy = policy;
	}

	@Override
	@Nullable HandshakeRejection check(ServerHttpRequest request, HandshakeRequest handshake) {
		HandshakePolicy current = policy.get();
		HandshakeSettings.Token settings = current.settings().token();
		String token = find(handshake, settings.cookie());
		if (token == null) {
			return settings.required() ? unauthorized("token-missing", "A token is needed: send 'Authorization: Bearer <token>',"
					+ " or ?access_token=<token> where headers cannot be set.", CHALLENGE) : null;
		}
		try {
			VerifiedToken verified = current.verifier().verify(token);
			handshake.authenticated(verified, settings.endOf(verified));
			return null;
		}
		catch (InvalidTokenException e) {
			// RFC 6750 section 3: the challenge names the error once a token was shown
			return unauthorized(e.reason(), String.valueOf(e.getMessage()),
					CHALLENGE + ", error=\"invalid_token\", error_description=\"" + e.getMessage() + '"');
		}
		catch (RuntimeException e) {
			LOG.error("The TokenVerifier threw; the client gets a 503", e);
			return HandshakeRejection.denied(503, "verifier", "The token cannot be checked now: connect again later.", Map.of());
		}
	}

	private @Nullable String find(HandshakeRequest handshake, String cookie) {
		String authorization = handshake.headers().getFirst(HttpHeaders.AUTHORIZATION);
		if (authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
			return authorization.substring(SCHEME.length()).strip();
		}
		String inQuery = handshake.query().getFirst("access_token");
		if (inQuery != null) {
			return inQuery;
		}
		String inProtocol = handshake.offered().bearerToken();
		return inProtocol != null ? inProtocol : handshake.cookies().get(cookie);
	}

	private static HandshakeRejection unauthorized(String reason, String detail, String challenge) {
		return HandshakeRejection.denied(401, reason, detail, Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge));
	}
}
