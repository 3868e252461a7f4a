package dev.hawser.connection;

import dev.hawser.api.SendResult;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * A connection as Spring's handlers see it. Unlike Spring's own sessions it may be used by any thread, and
 * {@link #sendMessage} never blocks: what the peer is too slow for waits in the outbox.
 */
abstract sealed class SpringSession implements WebSocketSession permits WebSocketConnection {
	@SuppressWarnings("rawtypes") // there is no class object of a map with types
	private static final AtomicReferenceFieldUpdater<SpringSession, Map> ATTRIBUTES = AtomicReferenceFieldUpdater
			.newUpdater(SpringSession.class, Map.class, "attributes");

	private final Hub hub;
	private final long fd;
	private final StoredRequest request;
	private final @Nullable Principal principal;
	private final @Nullable String subprotocol;
	private final boolean compressed;
	/** In the beginning the handshake's; null while there are none. */
	private volatile @Nullable Map<String, Object> attributes;

	SpringSession(OpeningHandshake opening) {
		this.hub = opening.hub();
		this.fd = opening.fd();
		this.request = opening.request();
		this.principal = opening.principal();
		this.subprotocol = opening.subprotocol();
		this.compressed = opening.deflate() != null;
		this.attributes = opening.attributes();
	}

	/** The endpoint that it came in by. */
	public Hub hub() {
		return hub;
	}

	/** Its number on this node: from 1 upwards, never given out twice while the process lives. */
	public long fd() {
		return fd;
	}

	abstract Transport transport();

	abstract Inbox inbox();

	abstract Opcode nextFragment(Opcode first);

	abstract SendResult send(OutgoingFrame frame);

	@Override
	public abstract void close(CloseStatus status);

	@Override
	public @Nullable URI getUri() {
		return URI.create(request.uri());
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return request.headers();
	}

	@Override
	public Map<String, Object> getAttributes() {
		Map<String, Object> known = attributes;
		if (known != null) {
			return known;
		}
		ATTRIBUTES.compareAndSet(this, null, new ConcurrentHashMap<>());
		return getAttributes();
	}

	/**
	 * Lets go of the attributes if there are none: most connections never have any. For a handler that has handed the map to
	 * nobody.
	 */
	public void dropEmptyAttributes() {
		Map<String, Object> known = attributes;
		if (known != null && known.isEmpty()) {
			attributes = null;
		}
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return principal;
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return transport().localAddress();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return transport().remoteAddress();
	}

	@Override
	public @Nullable String getAcceptedProtocol() {
		return subprotocol;
	}

	@Override
	public void setTextMessageSizeLimit(int limit) {
		inbox().textLimit(limit);
	}

	@Override
	public int getTextMessageSizeLimit() {
		return inbox().textLimit();
	}

	@Override
	public void setBinaryMessageSizeLimit(int limit) {
		inbox().binaryLimit(limit);
	}

	@Override
	public int getBinaryMessageSizeLimit() {
		return inbox().binaryLimit();
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return compressed ? List.of(new WebSocketExtension(PerMessageDeflate.NAME)) : List.of();
	}

	/** Sends; a message with {@code isLast() == false} is a fragment, and what follows it continues it. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		SendResult result = send(frame(message));
		if (!result.accepted()) {
			throw new IOException("Not sent to " + getId() + ": " + result);
		}
	}

	private OutgoingFrame frame(WebSocketMessage<?> message) {
		return switch (message) {
			case TextMessage text -> new OutgoingFrame(nextFragment(Opcode.TEXT), text.isLast(), text.asBytes());
			case BinaryMessage binary -> new OutgoingFrame(nextFragment(Opcode.BINARY), binary.isLast(), bytes(binary.getPayload()));
			case PingMessage ping -> new OutgoingFrame(Opcode.PING, true, bytes(ping.getPayload()));
			case PongMessage pong -> new OutgoingFrame(Opcode.PONG, true, bytes(pong.getPayload()));
			default -> throw new IllegalArgumentException("Cannot send a " + message.getClass().getName()
					+ ": use TextMessage, BinaryMessage, PingMessage or PongMessage.");
		};
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] copy = new byte[buffer.remaining()];
		buffer.get(buffer.position(), copy);
		return copy;
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}
}
