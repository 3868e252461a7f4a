package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.TokenSettings;
import dev.hawser.token.VerifierUnavailableException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/**
 * Checks the client's token. A token comes in {@code Authorization: Bearer}, in the query parameter {@code access_token}, as {@code
 * bearer, <token>} in {@code Sec-WebSocket-Protocol}, or in a cookie; the first one found is used.
 */
final class TokenHandshakeInterceptor implements HandshakeCheck {
	private static final Logger LOG = LoggerFactory.getLogger(TokenHandshakeInterceptor.class);
	private static final FailureLog FAILURES = new FailureLog(LOG);

	private final Supplier<HandshakePolicy> policy;

	TokenHandshakeInterceptor(Supplier<HandshakePolicy> policy) {
		this.policy = policy;
	}

	@Override
	public @Nullable HandshakeRejection check(Handshake handshake) {
		if (handshake.isReturn()) {
			return null; // it has shown another proof, or will be told to begin anew
		}
		HandshakePolicy current = policy.get();
		TokenSettings settings = current.settings().token();
		String token = find(handshake, settings.cookie());
		if (token == null) {
			return settings.required() ? unauthorized("token-missing", "A token is needed: send 'Authorization: Bearer <token>',"
					+ " or ?access_token=<token> where headers cannot be set.", BearerToken.CHALLENGE) : null;
		}
		try {
			handshake.authenticated(current.verify(handshake.address(), token));
			return null;
		}
		catch (InvalidTokenException e) {
			return unauthorized(e.reason(), String.valueOf(e.getMessage()), BearerToken.challenge(e));
		}
		catch (VerifierUnavailableException e) {
			LOG.debug("The client gets a 503: {}", e.getMessage());
			return unavailable();
		}
		catch (RuntimeException e) {
			FAILURES.error("The TokenVerifier threw; the client gets a 503", e);
			return unavailable();
		}
	}

	private static @Nullable String find(Handshake handshake, String cookie) {
		String inHeader = BearerToken.of(handshake.headers().getFirst(HttpHeaders.AUTHORIZATION));
		if (inHeader != null) {
			return inHeader;
		}
		String inQuery = handshake.query().getFirst("access_token");
		if (inQuery != null) {
			return inQuery;
		}
		String inProtocol = handshake.offered().bearerToken();
		return inProtocol != null ? inProtocol : handshake.cookies().get(cookie);
	}

	private static HandshakeRejection unavailable() {
		return HandshakeRejection.denied(503, "verifier", "The token cannot be checked now: connect again later.",
				Map.of(HttpHeaders.RETRY_AFTER, Long.toString(LATER.toSeconds())));
	}

	private static HandshakeRejection unauthorized(String reason, String detail, String challenge) {
		return HandshakeRejection.denied(401, reason, detail, Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge));
	}
}
