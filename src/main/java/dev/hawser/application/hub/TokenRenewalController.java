package dev.hawser.application.hub;

import dev.hawser.api.Clients;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.BearerToken;
import dev.hawser.handshake.FailureLog;
import dev.hawser.handshake.HandshakePolicies;
import dev.hawser.handshake.HandshakePolicy;
import dev.hawser.handshake.ProblemDocument;
import dev.hawser.token.InvalidTokenException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Accepts a fresh token for an open connection, so that the connection may outlive the token that opened it:
 *
 * <pre>
 *  POST /client/connections/{connectionId}/token
 *  Authorization: Bearer (the fresh token)
 * </pre>
 *
 * 204 when the connection now lasts as long as the fresh token; 401 for a token that no hub accepts, whether or not the connection
 * exists; 403 for the token of another user; 404 when the connection is not open on any node; 503 when the token cannot be checked or
 * the connection's node does not answer. The token passes the same checks as at the handshake of the connection's hub.
 */
@RestController
final class TokenRenewalController {
	private static final FailureLog FAILURES = new FailureLog(LoggerFactory.getLogger(TokenRenewalController.class));

	private final Connections connections;
	private final Clients clients;
	private final HandshakePolicies policies;

	TokenRenewalController(Connections connections, Clients clients, HandshakePolicies policies) {
		this.connections = connections;
		this.clients = clients;
		this.policies = policies;
	}

	/** Answers the request. */
	@PostMapping("/client/connections/{connectionId}/token")
	ResponseEntity<?> renew(@PathVariable String connectionId,
			@RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization, HttpServletRequest request) {
		String token = BearerToken.of(authorization);
		if (token == null) {
			return problem(401, "token-missing", "Send the fresh token as 'Authorization: Bearer <token>'.", BearerToken.CHALLENGE);
		}
		String address = request.getRequestURL().toString();
		try {
			return renew(connectionId, hub(connectionId, address, token), address, token);
		}
		catch (InvalidTokenException e) {
			return problem(401, e.reason(), String.valueOf(e.getMessage()), BearerToken.challenge(e));
		}
		catch (CompletionException e) {
			return problem(503, "connection-unreachable", "The connection cannot be reached now: try again later.", null);
		}
		catch (RuntimeException e) {
			FAILURES.error("The TokenVerifier threw; the client gets a 503", e);
			return problem(503, "verifier", "The token cannot be checked now: try again later.", null);
		}
	}

	/**
	 * The hub of the connection; null for none. Other nodes are asked only for a token that some hub accepts: a stranger cannot make them
	 * work.
	 */
	private @Nullable String hub(String connectionId, String address, String token) throws InvalidTokenException {
		WebSocketConnection here = connections.find(connectionId);
		if (here != null) {
			return here.isOpen() ? here.hub().name() : null;
		}
		requireGoodSomewhere(address, token);
		return clients.find(Target.connection(connectionId)).toCompletableFuture().join().map(ConnectionSnapshot::hub).orElse(null);
	}

	/** Without a token that some hub accepts, the answer does not show whether the connection exists. */
	private ResponseEntity<?> renew(String connectionId, @Nullable String hub, String address, String token) throws InvalidTokenException {
		HandshakePolicy.Accepted fresh = hub == null ? null : verify(policies.of(hub), address, token);
		if (fresh == null) {
			requireGoodSomewhere(address, token);
			return notFound();
		}
		Renewal renewal = new Renewal(fresh.token().subject(), fresh.token().id(), fresh.endsAt());
		return switch (clients.renew(Target.connection(connectionId), renewal).toCompletableFuture().join()) {
			case RENEWED -> ResponseEntity.noContent().build();
			case NOT_FOUND -> notFound();
			case OTHER_SUBJECT ->
				problem(403, "token-subject", "The token must name the same subject as the one that opened the connection.", null);
			case UNKNOWN -> problem(503, "connection-unreachable", "The connection cannot be reached now: try again later.", null);
		};
	}

	private static HandshakePolicy.@Nullable Accepted verify(HandshakePolicy policy, String address, String token) {
		try {
			return policy.verify(address, token);
		}
		catch (InvalidTokenException e) {
			return null;
		}
	}

	/** @throws InvalidTokenException the refusal of the hub {@code default}, if no hub accepts the token */
	private void requireGoodSomewhere(String address, String token) throws InvalidTokenException {
		if (policies.all().stream().noneMatch(policy -> verify(policy, address, token) != null)) {
			policies.of(Hub.DEFAULT).verify(address, token);
		}
	}

	private static ResponseEntity<byte[]> notFound() {
		return problem(404, "connection-unknown", "No such connection is open here.", null);
	}

	private static ResponseEntity<byte[]> problem(int status, String reason, String detail, @Nullable String challenge) {
		HttpHeaders headers = new HttpHeaders();
		headers.setCacheControl("no-store");
		headers.set(HttpHeaders.CONTENT_TYPE, ProblemDocument.CONTENT_TYPE);
		if (challenge != null) {
			headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge);
		}
		return new ResponseEntity<>(ProblemDocument.of(status, detail, reason).json(), headers, status);
	}
}
