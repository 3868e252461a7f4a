package dev.hawser.handshake;

import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.TokenSettings;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.VerifierUnavailableException;
import java.util.Map;
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
	private static final String RETRY_AFTER_SECONDS = "5";
	private static final String CHALLENGE = "Bearer realm=\"hawser\"";

	private final TokenVerifier verifier;
	private final TokenSettings settings;

	public TokenHandshakeInterceptor(TokenVerifier verifier, TokenSettings settings) {
		this.verifier = verifier;
		this.settings = settings;
	}

	@Override
	@Nullable HandshakeRejection check(ServerHttpRequest request, HandshakeRequest handshake) {
		String token = find(handshake);
		if (token == null) {
			return settings.required() ? unauthorized("token-missing", "A token is needed: send 'Authorization: Bearer <token>',"
					+ " or ?access_token=<token> where headers cannot be set.", CHALLENGE) : null;
		}
		try {
			handshake.authenticated(verifier.verify(token));
			return null;
		}
		catch (InvalidTokenException e) {
			// RFC 6750 section 3: the challenge names the error once a token was shown
			return unauthorized(e.reason(), String.valueOf(e.getMessage()),
					CHALLENGE + ", error=\"invalid_token\", error_description=\"" + e.getMessage() + '"');
		}
		catch (VerifierUnavailableException e) {
			LOG.debug("The client gets a 503: {}", e.getMessage());
			return unavailable();
		}
		catch (RuntimeException e) {
			LOG.error("The TokenVerifier threw; the client gets a 503", e);
			return unavailable();
		}
	}

	private @Nullable String find(HandshakeRequest handshake) {
		String authorization = handshake.headers().getFirst(HttpHeaders.AUTHORIZATION);
		if (authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
			return authorization.substring(SCHEME.length()).strip();
		}
		String inQuery = handshake.query().getFirst("access_token");
		if (inQuery != null) {
			return inQuery;
		}
		String inProtocol = handshake.offered().bearerToken();
		return inProtocol != null ? inProtocol : handshake.cookies().get(settings.cookie());
	}

	private static HandshakeRejection unavailable() {
		return HandshakeRejection.denied(503, "verifier", "The token cannot be checked now: connect again later.",
				Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS));
	}

	private static HandshakeRejection unauthorized(String reason, String detail, String challenge) {
		return HandshakeRejection.denied(401, reason, detail, Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge));
	}
}
