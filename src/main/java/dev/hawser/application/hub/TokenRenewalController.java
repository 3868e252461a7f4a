package dev.hawser.application.hub;

import dev.hawser.connection.Connections;
import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.BearerToken;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.handshake.TokenHandshakeInterceptor;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.VerifiedToken;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes a fresh token for an open connection, so that it outlives the one that let it in:
 *
 * <pre>
 *  POST /client/connections/{connectionId}/token
 *  Authorization: Bearer (the fresh token)
 * </pre>
 *
 * 204 when the connection now ends with the fresh token; 401 for a bad token, 403 for one of somebody else, 404 when the
 * connection is not open on this node. The token passes the same checks as at the handshake of the connection's hub.
 */
@RestController
final class TokenRenewalController {
	private final Connections connections;
	private final HandshakePolicies policies;

	TokenRenewalController(Connections connections, HandshakePolicies policies) {
		this.connections = connections;
		this.policies = policies;
	}

	/** Answers the request. */
	@PostMapping("/client/connections/{connectionId}/token")
	ResponseEntity<?> renew(@PathVariable String connectionId,
			@RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization) {
		String token = BearerToken.of(authorization);
		if (token == null) {
			return problem(401, "token-missing", "Send the fresh token as 'Authorization: Bearer <token>'.", BearerToken.CHALLENGE);
		}
		WebSocketConnection connection = connections.find(connectionId);
		if (connection == null || !connection.isOpen()) {
			return notFound();
		}
		HandshakePolicy policy = policies.of(connection.hub().name());
		try {
			VerifiedToken verified = policy.verifier().verify(token);
			if (connection.getPrincipal() == null || !connection.getPrincipal().getName().equals(verified.subject())) {
				return problem(403, "token-subject", "The token must name the same subject as the one that opened the connection.", null);
			}
			connection.renew(new Ticket(verified.id(), policy.settings().token().endOf(verified)));
			return connection.isOpen() ? ResponseEntity.noContent().build() : notFound();
		}
		catch (InvalidTokenException e) {
			return problem(401, e.reason(), String.valueOf(e.getMessage()), BearerToken.challenge(e));
		}
		catch (RuntimeException e) {
			TokenHandshakeInterceptor.logVerifierFailure(e);
			return problem(503, "verifier", "The token cannot be checked now: try again later.", null);
		}
	}

	private static ResponseEntity<ProblemDetail> notFound() {
		return problem(404, "connection-unknown", "No such connection is open here.", null);
	}

	private static ResponseEntity<ProblemDetail> problem(int status, String reason, String detail, @Nullable String challenge) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(status), detail);
		problem.setProperties(Map.of("reason", reason));
		HttpHeaders headers = new HttpHeaders();
		headers.setCacheControl("no-store");
		if (challenge != null) {
			headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge);
		}
		return new ResponseEntity<>(problem, headers, problem.getStatus());
	}
}
