package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.Deferred;
import dev.hawser.protocol.OutgoingFrame;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * One established WebSocket, as the rest of the server and Spring's handlers see it. Unlike Spring's own sessions it may be used by
 * any thread, and nothing blocks on the network: what the peer is too slow for waits in the outbox.
 */
public abstract sealed class WebSocketConnection extends SpringSession permits LiveConnection {
	private static final AtomicReferenceFieldUpdater<WebSocketConnection, Memberships> MEMBERSHIPS = AtomicReferenceFieldUpdater
			.newUpdater(WebSocketConnection.class, Memberships.class, "memberships");

	private final Hub hub;
	private final String node;
	/** Null where it began here: its name is then node and fd, and not kept a second time. */
	final @Nullable String recoveredId;
	private final long fd;
	private final Subprotocol subprotocol;
	private volatile @Nullable Memberships memberships;
	private volatile @Nullable String userId;
	private final Identity identity;
	private boolean bound;

	/** @param node the name of this node */
	WebSocketConnection(OpeningHandshake opening, String node, Transport transport) {
		super(opening, transport);
		this.hub = opening.hub();
		this.node = node;
		this.recoveredId = opening.recoveredId();
		this.fd = opening.fd();
		this.subprotocol = hub.subprotocol(opening.subprotocol());
		this.identity = opening.identity();
		this.userId = opening.userId();
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

	/** What its client makes of frames and messages. */
	public Subprotocol subprotocol() {
		return subprotocol;
	}

	/** Its number on this node: from 1 upwards, never given out twice while the process lives. */
	public long fd() {
		return fd;
	}

	/** Its name in the whole cluster, which says on which node it began, and stays the same when it is continued on another. */
	@Override
	public final String getId() {
		return recoveredId == null ? node + "-" + fd : recoveredId;
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

	/**
	 * Sends a whole text message as its subprotocol has it, in the way of {@link #send(OutgoingFrame)}; for raw clients in the
	 * ordinary case without an object made for it.
	 */
	public abstract SendResult send(String text);

	/** As {@link #send(String)}, a whole binary message. */
	public abstract SendResult send(byte[] data);

	/**
	 * Sends a text, binary, continuation, ping or pong frame as it is, whatever the subprotocol. Whole messages sent while a fragmented one is under way wait
	 * for its end.
	 *
	 * @throws IllegalArgumentException for a close frame ({@link #close} sends those) and for a continuation of nothing
	 * @throws IllegalStateException    for the first fragment of a message while another is under way
	 */
	@Override
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

	/** As {@link #close(CloseStatus)}, and says whether it was the first. */
	public abstract SendResult startClosing(CloseStatus status);

	/** Hangs up without a close frame: the peer sees 1006. What waits is still sent. False when it was closed already. */
	public abstract boolean hangUp();

	/** As {@link #hangUp}, with a TCP reset: what waits is lost. False when it was closed already. */
	public abstract boolean reset();

	/** The groups that it joins when it opens. */
	final Set<String> firstGroups() {
		return identity.groups();
	}

	/** What it may do, as its handshake has decided. */
	public final Set<String> roles() {
		return identity.roles();
	}
}
