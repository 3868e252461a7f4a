package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.execution.Deferred;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * One established WebSocket, as the rest of the server and Spring's handlers see it. Unlike Spring's own sessions it may be used by
 * any thread, and nothing blocks on the network: what the peer is too slow for waits in the outbox.
 */
public abstract sealed class WebSocketConnection implements WebSocketSession permits LiveConnection {
	@SuppressWarnings("rawtypes") // there is no class object of a map with types
	private static final AtomicReferenceFieldUpdater<WebSocketConnection, @Nullable Map> ATTRIBUTES = AtomicReferenceFieldUpdater
			.newUpdater(WebSocketConnection.class, Map.class, "attributes");

	private static final AtomicReferenceFieldUpdater<WebSocketConnection, Memberships> MEMBERSHIPS = AtomicReferenceFieldUpdater
			.newUpdater(WebSocketConnection.class, Memberships.class, "memberships");

	final ConnectionLock lock = new ConnectionLock();
	private final Hub hub;
	private final String node;
	private final long fd;
	final Transport transport;
	private final StoredRequest request;
	private final @Nullable Principal principal;
	private final @Nullable String subprotocol;
	private final boolean compressed;
	/** In the beginning the handshake's; null while there are none. */
	private volatile @Nullable Map<String, Object> attributes;
	/** Whether others than the handler may know the map. */
	private boolean attributesShared;
	private volatile @Nullable Memberships memberships;
	private volatile @Nullable String userId;
	private final Identity identity;
	private boolean bound;

	/** @param node the name of the node where it begins */
	WebSocketConnection(OpeningHandshake opening, String node, Transport transport) {
		this.hub = opening.hub();
		this.node = node;
		this.fd = opening.fd();
		this.transport = transport;
		this.identity = opening.identity();
		this.userId = opening.userId();
		this.request = opening.request();
		this.principal = opening.principal();
		this.subprotocol = opening.subprotocol();
		this.compressed = opening.deflate() != null;
		this.attributes = opening.attributes();
	}

	/**
	 * Runs the task after the callback that the calling thread is in, before the next one of that connection, or, when a handshake
	 * is being decided on, once its connection is open; false when the thread is in no callback.
	 */
	public static boolean defer(Runnable task) {
		return Deferred.add(task);
	}

	/** The endpoint that it came in by. */
	public Hub hub() {
		return hub;
	}

	/** Its number on this node: from 1 upwards, never given out twice while the process lives. */
	public long fd() {
		return fd;
	}

	/** Its name in the whole cluster, which contains the node's. */
	@Override
	public final String getId() {
		return node + "-" + fd;
	}

	/** The user it belongs to: the principal's name, or what {@link Connections#bind} gave; null for neither. */
	public final @Nullable String userId() {
		return userId;
	}

	/** Gives it to a user; false when that has been done before. */
	final boolean bindUser(String user) {
		lock.lock();
		try {
			boolean first = !bound;
			if (first) {
				bound = true;
				userId = user;
			}
			return first;
		}
		finally {
			lock.unlock();
		}
	}

	/** The name ({@code jti}) of the token that counts for it; null for none. */
	public abstract @Nullable String tokenId();

	/** A fresh token was presented: from now on its ticket counts. */
	public abstract void renew(Ticket fresh);

	/** The groups that it is in, ascending; none once it is over. */
	public final Set<String> groups() {
		Memberships known = memberships;
		return known == null ? Set.of() : known.joined();
	}

	/** @param groups who is in which group; the same at each call */
	final Memberships memberships(Members groups) {
		Memberships known = memberships;
		return known != null ? known : MEMBERSHIPS.updateAndGet(this, made -> made == null ? new Memberships(this, groups) : made);
	}

	/** Whether it can carry messages: no close frame has been sent or received. */
	@Override
	public final boolean isOpen() {
		return phase() == Phase.OPEN;
	}

	/** Whether it is over: the closing handshake is complete or the socket gone. */
	public final boolean isClosed() {
		return phase() == Phase.COMPLETE;
	}

	abstract Phase phase();

	/** Who ended it, once it {@link #isClosed}. */
	public abstract CloseInitiator closeInitiator();

	/** The connection as it is now. */
	public abstract ConnectionSnapshot snapshot();

	/** Sends a whole text message, as {@link #send(OutgoingFrame)} does; in the ordinary case without an object made for it. */
	public abstract SendResult send(String text);

	/** Sends a whole binary message; as for text, in the ordinary case without an object made for it. */
	public abstract SendResult send(byte[] data);

	/**
	 * Sends a text, binary, continuation, ping or pong frame. Whole messages sent while a fragmented one is under way wait
	 * for its end.
	 *
	 * @throws IllegalArgumentException for a close frame ({@link #close} sends those) and for a continuation of nothing
	 * @throws IllegalStateException    for the first fragment of a message while another is under way
	 */
	public abstract SendResult send(OutgoingFrame frame);

	/**
	 * Starts the closing handshake (RFC 6455 section 7.1.2): sends a close frame behind what waits, delivers no message
	 * any more, and hangs up when the peer has answered or the close timeout is over.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	@Override
	public final void close(CloseStatus status) {
		startClosing(status);
	}

	/** As {@link #close(CloseStatus)}, and says whether it was the first to close. */
	public abstract SendResult startClosing(CloseStatus status);

	/** Hangs up without a close frame: the peer sees 1006. What waits is still sent. False when it was closed already. */
	public abstract boolean hangUp();

	/** As {@link #hangUp}, with a TCP reset: what waits is lost. False when it was closed already. */
	public abstract boolean reset();

	/** The opcode that a text or binary frame has to carry now: continuation while a fragmented message is under way. */
	abstract Opcode nextFragment(Opcode first);

	/** What reads its messages, for the limits that Spring lets a handler change. */
	abstract MessageReader reader();

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

	/** The groups that it joins when it opens. */
	final Set<String> firstGroups() {
		return identity.groups();
	}

	/** What it may do, as its handshake has decided. */
	public final Set<String> roles() {
		return identity.roles();
	}

	/** As {@link #getAttributes}, for callers that may keep the map: it stays the connection's even if it is empty. */
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

	/** Lets go of the attributes if there are none: most connections never have any. For a handler that does not keep the map. */
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
		return subprotocol;
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return compressed ? List.of(new WebSocketExtension(PerMessageDeflate.NAME)) : List.of();
	}

	/** Sends; a message with {@code isLast() == false} is a fragment, and what follows it continues it. */
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
