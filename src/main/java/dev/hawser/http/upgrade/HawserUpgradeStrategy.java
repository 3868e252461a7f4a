package dev.hawser.http.upgrade;

import dev.hawser.connection.Comeback;
import dev.hawser.connection.ConnectionSettings;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Identity;
import dev.hawser.connection.OpeningHandshake;
import dev.hawser.connection.StoredRequest;
import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.handshake.Handshake;
import dev.hawser.protocol.HandshakeKey;
import dev.hawser.protocol.PerMessageDeflate;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * Answers the opening handshake and makes the socket a Hawser connection:
 *
 * <pre>
 *  HTTP/1.1 101 Switching Protocols
 *  Upgrade: websocket
 *  Connection: Upgrade
 *  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
 *  Sec-WebSocket-Version: 13
 *  Sec-WebSocket-Protocol: chat          (only if the client offered it)
 * </pre>
 *
 * or, on a stream of an HTTP/2 connection (RFC 8441 section 5), where the stream itself becomes the connection:
 *
 * <pre>
 *  HEADERS
 *  :status = 200
 *  sec-websocket-protocol = chat
 * </pre>
 *
 * When the response is complete the connection on the endpoint is swapped ({@link Upgradable}). Works for any Spring
 * {@link WebSocketHandler}.
 */
public final class HawserUpgradeStrategy implements RequestUpgradeStrategy {
	/** Header of the 101 with the connection's name, which a client needs to present a fresh token. */
	private static final String CONNECTION_ID = "Hawser-Connection-Id";
	private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

	private final Connections connections;
	private final Hub hub;

	/** @param hub the hub of the connections */
	public HawserUpgradeStrategy(Connections connections, Hub hub) {
		this.connections = connections;
		this.hub = hub;
	}

	@Override
	public String[] getSupportedVersions() {
		return new String[] { "13" };
	}

	/** Empty, so that Spring chooses none: {@link #upgrade} answers the client's offers with their parameters itself. */
	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return List.of();
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) {
		ConnectionSettings.Compression compression = hub.settings().compression();
		PerMessageDeflate deflate = hub.mayCompress(selectedProtocol)
				? PerMessageDeflate.negotiate(request.getHeaders().getOrEmpty(EXTENSIONS), compression.willing()) : null;
		StoredRequest lines = request instanceof JettyServerHttpRequest jetty ? jetty.requestLines()
				: StoredRequest.of(request.getURI().toString(), request.getHeaders());
		OpeningHandshake opening = new OpeningHandshake(hub, fd(attributes), lines, user, identity(attributes), ticket(attributes),
				selectedProtocol, deflate,
				attributes);

		Upgradable upgradable = request instanceof JettyServerHttpRequest jetty ? jetty.upgradable()
				: new UpgradableRequest(
						ServletContextRequest.getServletContextRequest(((ServletServerHttpRequest) request).getServletRequest()));
		if (upgradable.isStream()) {
			response.setStatusCode(HttpStatus.OK);
		}
		else {
			switchProtocols(request, response);
		}
		if (deflate != null) {
			response.getHeaders().set(EXTENSIONS, deflate.header());
		}
		if (selectedProtocol != null) {
			response.getHeaders().set("Sec-WebSocket-Protocol", selectedProtocol);
		}

		JettyTransport transport = upgradable.newTransport();
		Handshake handshake = Handshake.find(attributes);
		if (handshake != null && handshake.isReturn()) {
			transport.carry(
					new Comeback(connections, opening.of(handshake.claimed()), transport, WebSocketHandlerDecorator.unwrap(handler)));
		}
		else {
			WebSocketConnection connection = connections.create(opening, transport, WebSocketHandlerDecorator.unwrap(handler));
			response.getHeaders().set(CONNECTION_ID, connection.getId());
		}
		if (response instanceof JettyServerHttpResponse jetty && !jetty.headersFit()) {
			throw new HandshakeFailureException("The headers that OnHandShake or an interceptor has set are too large for a response");
		}
		upgradable.become(transport);
		// The point of no return: with this on the wire the client speaks WebSocket.
		try {
			response.flush();
		}
		catch (IOException | RuntimeException e) {
			upgradable.become(null);
			throw new HandshakeFailureException("The response could not be sent", e);
		}
	}

	/** The connection's number; a handshake of another Spring handler does not have one yet. */
	private long fd(Map<String, Object> attributes) {
		Handshake handshake = Handshake.find(attributes);
		return handshake == null ? connections.nextFd() : handshake.fd();
	}

	private static Identity identity(Map<String, Object> attributes) {
		Handshake handshake = Handshake.find(attributes);
		return handshake == null || !handshake.hasIdentity() ? Identity.NONE
				: new Identity(Objects.requireNonNullElse(handshake.userId(), ""), handshake.groups(), handshake.roles());
	}

	private static Ticket ticket(Map<String, Object> attributes) {
		Handshake handshake = Handshake.find(attributes);
		return handshake == null ? Ticket.NONE : new Ticket(handshake.tokenId(), handshake.endsAt());
	}

	private static void switchProtocols(ServerHttpRequest request, ServerHttpResponse response) {
		response.setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
		HttpHeaders headers = response.getHeaders();
		headers.set("Upgrade", "websocket");
		headers.set("Connection", "Upgrade");
		headers.set("Sec-WebSocket-Accept",
				HandshakeKey.accept(Objects.requireNonNull(request.getHeaders().getFirst("Sec-WebSocket-Key"))));
		headers.set("Sec-WebSocket-Version", "13");
	}
}
