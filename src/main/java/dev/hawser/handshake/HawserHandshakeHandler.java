package dev.hawser.handshake;

import dev.hawser.api.HandshakeRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * Carries out a handshake that all interceptors have accepted: chooses the subprotocol, adds the callback's headers, and lets the
 * strategy upgrade. Unlike Spring's own handler it does not repeat the checks: Spring's accepts fewer forms of the {@code
 * Connection} and {@code Upgrade} headers than RFC 6455 allows.
 */
final class HawserHandshakeHandler implements HandshakeHandler {
	private final RequestUpgradeStrategy strategy;
	private final Function<HandshakeRequest, Set<String>> builtIn;
	private final Door door;

	/** @param builtIn subprotocols of the server itself for a request, besides those of the policy */
	HawserHandshakeHandler(RequestUpgradeStrategy strategy, Function<HandshakeRequest, Set<String>> builtIn, Door door) {
		this.strategy = strategy;
		this.builtIn = builtIn;
		this.door = door;
	}

	@Override
	public boolean doHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		Handshake handshake = Handshake.of(attributes);
		HandshakeAnswer answer = handshake.answer();
		answer.headers().forEach((name, values) -> values.forEach(value -> response.getHeaders().add(name, value)));
		try {
			strategy.upgrade(request, response, subprotocol(handshake, answer, handler), List.of(), handshake.principal().orElse(null),
					handler, attributes);
		}
		catch (HandshakeFailureException e) {
			door.admission().gaveUp(handshake);
			door.observer().failed();
			throw e;
		}
		door.observer().accepted();
		return true;
	}

	/** RFC 6455 section 4.2.2 item 5: one of the subprotocols that the client offered, or none. */
	private @Nullable String subprotocol(Handshake handshake, HandshakeAnswer answer, WebSocketHandler handler) {
		if (answer.subprotocol() != null) {
			return answer.subprotocol();
		}
		if (handshake.subprotocols().isEmpty()) {
			return null;
		}
		List<String> ofHandler = WebSocketHandlerDecorator.unwrap(handler) instanceof SubProtocolCapable capable
				? capable.getSubProtocols() : List.of();
		List<String> supported = door.policy().get().settings().subprotocols();
		Set<String> ofServer = builtIn.apply(handshake);
		return handshake.subprotocols().stream()
				.filter(name -> supported.contains(name) || ofHandler.contains(name) || ofServer.contains(name)).findFirst().orElse(null);
	}
}
