package dev.hawser.connection;

import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.protocol.MessageReader;
import dev.hawser.protocol.Opcode;
import dev.hawser.protocol.OutgoingFrame;
import dev.hawser.protocol.PerMessageDeflate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/** The methods of a connection that Spring's session interface requires: handshake, attributes, limits, Spring's messages. */
abstract sealed class SpringSession extends Fd implements WebSocketSession permits WebSocketConnection {
	@SuppressWarnings("rawtypes") // there is no class object of a map with types
	private static final AtomicReferenceFieldUpdater<SpringSession, @Nullable Map> ATTRIBUTES = AtomicReferenceFieldUpdater
			.newUpdater(SpringSession.class, Map.class, "attributes");

	/** The one lock of the connection. */
	final ConnectionLock lock = new ConnectionLock();
	final Transport transport;
	/** The text of a {@link StoredRequest}. */
	private final String request;
	private final @Nullable Principal principal;
	private final @Nullable String acceptedProtocol;
	private final boolean compressed;
	/** At first the handshake's attributes; null while there are none. */
	private volatile @Nullable Map<String, Object> attributes;
	/** Whether code other than the handler may hold the map. */
	private boolean attributesShared;

	SpringSession(OpeningHandshake opening, Transport transport) {
		super(opening.fd());
		this.transport = transport;
		this.request = opening.request().lines();
		this.principal = opening.principal();
		this.acceptedProtocol = opening.subprotocol();
		this.compressed = opening.deflate() != null;
		this.attributes = opening.attributes();
	}

	abstract SendResult send(OutgoingFrame frame);

	@Override
	public abstract void close(CloseStatus status);

	/** The opcode that a text or binary frame must have now: continuation within a fragmented message. */
	abstract Opcode nextFragment(Opcode first);

	/** The reader of the connection's messages, for the limits that Spring lets a handler change. */
	abstract MessageReader reader();

	@Override
	public @Nullable URI getUri() {
		return URI.create(StoredRequest.ofLines(request).uri());
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return StoredRequest.ofLines(request).headers();
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

	/** As {@link #getAttributes}, for callers that may keep the map: the map stays the connection's even if it is empty. */
	public Map<String, Object> sharedAttributes() {
		lock.lock();
		try {
			attributesShared = true;
			return getAttributes();
		}
		finally {
			lock.unlock();
		}
	}

	/** Drops an empty map of attributes, since most connections never have any. For a handler that does not keep the map. */
	public void dropEmptyAttributes() {
		lock.lock();
		try {
			Map<String, Object> known = attributes;
			if (!attributesShared && known != null && known.isEmpty()) {
				attributes = null;
			}
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return principal;
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return transport.localAddress();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return transport.remoteAddress();
	}

	@Override
	public void setTextMessageSizeLimit(int limit) {
		reader().textLimit(limit);
	}

	@Override
	public int getTextMessageSizeLimit() {
		return reader().textLimit();
	}

	@Override
	public void setBinaryMessageSizeLimit(int limit) {
		reader().binaryLimit(limit);
	}

	@Override
	public int getBinaryMessageSizeLimit() {
		return reader().binaryLimit();
	}

	@Override
	public @Nullable String getAcceptedProtocol() {
		return acceptedProtocol;
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return compressed ? List.of(new WebSocketExtension(PerMessageDeflate.NAME)) : List.of();
	}

	/** Sends; a message with {@code isLast() == false} is a fragment, and the next message continues it. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		SendResult result = send(SpringMessage.frame(message, this::nextFragment));
		if (!result.accepted()) {
			throw new IOException("Not sent to " + getId() + ": " + result);
		}
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}
}
