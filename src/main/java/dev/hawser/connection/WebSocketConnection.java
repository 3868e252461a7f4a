package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.SendResult;
import dev.hawser.connection.CloseHandshake.Phase;
import dev.hawser.connection.execution.Deferred;
import dev.hawser.protocol.OutgoingFrame;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * One established WebSocket, for the rest of the server and for Spring's handlers. Unlike Spring's own sessions, any thread may use
 * it. No method blocks on the network: messages for a slow peer wait in the outbox.
 */
public abstract sealed class WebSocketConnection extends SpringSession permits LiveConnection {
	private static final AtomicReferenceFieldUpdater<WebSocketConnection, Memberships> MEMBERSHIPS = AtomicReferenceFieldUpdater
			.newUpdater(WebSocketConnection.class, Memberships.class, "memberships");

	private final Hub hub;
	/** Where the connection began, whatever name the node has now. */
	private final String node;
	/** Null if the connection began on this node: its name is then made of node and fd. */
	final @Nullable String recoveredId;
	private final Subprotocol subprotocol;
	private volatile @Nullable Object kept;
	private volatile @Nullable Memberships memberships;
	private volatile @Nullable String userId;
	/** Written under the lock. */
	private volatile Identity identity;
	private boolean bound;

	/** @param node its name now */
	WebSocketConnection(OpeningHandshake opening, Transport transport, String node) {
		super(opening, transport);
		this.node = node;
		this.hub = opening.hub();
		this.recoveredId = opening.recoveredId();
		this.subprotocol = hub.subprotocol(opening);
		this.identity = opening.identity();
		this.userId = opening.userId();
	}

	/**
	 * Runs the task after the callback that the calling thread is in, before the next one of that connection; in a handshake's
	 * callback, when its connection is open. False when the thread is in no callback.
	 */
	public static boolean defer(Runnable task) {
		return Deferred.add(task);
	}

	/** The hub that the client connected to. */
	public Hub hub() {
		return hub;
	}

	/** Whether callbacks that could block may run on the thread that reads the socket, if another one can take its place. */
	public boolean mayWait() {
		return hub.callsOnSelectors();
	}

	/** The subprotocol of the client. */
	public Subprotocol subprotocol() {
		return subprotocol;
	}

	/** What the subprotocol has given to {@link #keep}; null for nothing. */
	public final @Nullable Object kept() {
		return kept;
	}

	/** Keeps an object for the subprotocol, and nothing else, as long as the connection lives. */
	public final void keep(Object state) {
		kept = state;
	}

	/**
	 * The connection's name in the whole cluster. It contains the node where the connection began, and stays the same on another
	 * node.
	 */
	@Override
	public final String getId() {
		return recoveredId == null ? node + "-" + fd() : recoveredId;
	}

	/** Whether {@link #getId} is this name; makes no string. */
	public final boolean isNamed(String id) {
		if (recoveredId != null) {
			return recoveredId.equals(id);
		}
		int digits = node.length() + 1;
		if (id.length() <= digits || !id.startsWith(node) || id.charAt(node.length()) != '-') {
			return false;
		}
		long rest = fd();
		for (int at = id.length() - 1; at >= digits; at--) {
			if (rest == 0 || id.charAt(at) != '0' + rest % 10) {
				return false;
			}
			rest /= 10;
		}
		return rest == 0;
	}

	/** The user of the connection: the one given to {@link Connections#bind}, or the principal's name; null without either. */
	public final @Nullable String userId() {
		return userId;
	}

	/** Binds the connection to a user; false when it was bound before. */
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

	/** The {@code jti} of the connection's current token; null for none. */
	public abstract @Nullable String tokenId();

	/** Replaces the ticket after a fresh token was presented. */
	public abstract void renew(Ticket fresh);

	/** The groups that the connection is in, ascending; empty when it has ended. */
	public final Set<String> groups() {
		Memberships known = memberships;
		return known == null ? Set.of() : known.joined();
	}

	/** Whether the connection is in the group. */
	public final boolean isIn(String group) {
		Memberships known = memberships;
		return known != null && known.has(group);
	}

	/** The number of groups that the connection is in. */
	public final int groupCount() {
		Memberships known = memberships;
		return known == null ? 0 : known.size();
	}

	/** @param groups the members of all groups; the same object at each call */
	final Memberships memberships(Members groups) {
		Memberships known = memberships;
		return known != null ? known : MEMBERSHIPS.updateAndGet(this, made -> made == null ? new Memberships(this, groups) : made);
	}

	/** Whether messages can be sent: no close frame has been sent or received. */
	@Override
	public final boolean isOpen() {
		return phase() == Phase.OPEN;
	}

	/** Whether the client has lost its socket and may come back: the connection is open, and messages wait for the client. */
	public boolean isAway() {
		return false;
	}

	/** Whether the connection has ended: the closing handshake is complete or the socket is gone. */
	public final boolean isClosed() {
		return phase() == Phase.COMPLETE;
	}

	abstract Phase phase();

	/** The side that ended the connection, when it {@link #isClosed}. */
	public abstract CloseInitiator closeInitiator();

	/** The connection as it is now. */
	public abstract ConnectionSnapshot snapshot();

	/**
	 * Sends a whole text message as its subprotocol has it, in the way of {@link #send(OutgoingFrame)}; for raw clients usually
	 * without creating an object.
	 */
	public abstract SendResult send(String text);

	/** As {@link #send(String)}, for a whole binary message. */
	public abstract SendResult send(byte[] data);

	/**
	 * Sends a whole text or binary message as the client's subprotocol has it, in the way of {@link #send(OutgoingFrame)}.
	 *
	 * @param envelope what is known of the message besides its payload
	 */
	public final SendResult push(OutgoingFrame message, Subprotocol.Envelope envelope) {
		return subprotocol.send(this, subprotocol.wrap(message, envelope));
	}

	/** As {@link #push}, for a message that this connection's subprotocol has wrapped already. */
	public final SendResult pushWrapped(OutgoingFrame wrapped) {
		return subprotocol.send(this, wrapped);
	}

	/**
	 * Sends a text, binary, continuation, ping or pong frame unchanged by the subprotocol. Whole messages wait for the end of a
	 * fragmented one.
	 *
	 * @throws IllegalArgumentException for a close frame ({@link #close} sends those) and for a continuation without a message
	 * @throws IllegalStateException    for the first fragment of a message while another is under way
	 */
	@Override
	public abstract SendResult send(OutgoingFrame frame);

	/**
	 * Sends what {@link Subprotocol#wrap} has made of a whole message. A connection that outlives its socket numbers the message and
	 * keeps it until the client confirms it.
	 */
	public SendResult sendNumbered(OutgoingFrame message) {
		return send(message);
	}

	/** The client has got all messages up to this number. Only for connections that outlive their sockets. */
	public void confirm(long number) {
	}

	/**
	 * Starts the closing handshake (RFC 6455 section 7.1.2): sends a close frame after the messages that wait, delivers no more
	 * messages, and closes the socket when the peer has answered or the close timeout is over.
	 *
	 * @throws IllegalArgumentException for a code that must not be sent, or a reason over 123 bytes of UTF-8
	 */
	@Override
	public final void close(CloseStatus status) {
		startClosing(status);
	}

	/** As {@link #close(CloseStatus)}, and returns whether this call was the first. */
	public abstract SendResult startClosing(CloseStatus status);

	/**
	 * As {@link #startClosing}, but behind the callbacks for what has been read: they still run, and what they send goes out before
	 * the close frame. When they take longer than the close timeout, the close frame does not wait any more.
	 */
	public abstract void closeAfterCallbacks(CloseStatus status);

	/** Closes the socket without a close frame: the peer sees 1006. Waiting messages are still sent. False when already closed. */
	public abstract boolean hangUp();

	/** As {@link #hangUp}, with a TCP reset: waiting messages are lost. False when already closed. */
	public abstract boolean reset();

	/** The groups that the connection joins when it opens. */
	final Set<String> firstGroups() {
		return identity.groups();
	}

	/** The roles of the connection: those from its handshake, and those added since. */
	public final Set<String> roles() {
		return identity.roles();
	}

	/** Adds a role. False when the connection has ended, or has as many roles as it may have. */
	public final boolean addRole(String role) {
		return changeRoles(known -> known.roles().contains(role) ? known
				: known.roles().size() < Identity.MOST_ROLES ? known.with(role) : null);
	}

	/** Removes a role, if the connection has it. False when the connection has ended. */
	public final boolean removeRole(String role) {
		return changeRoles(known -> known.roles().contains(role) ? known.without(role) : known);
	}

	/** @param change returns null to change nothing and refuse */
	private boolean changeRoles(Function<Identity, @Nullable Identity> change) {
		lock.lock();
		try {
			Identity changed = isClosed() ? null : change.apply(identity);
			if (changed != null) {
				identity = changed;
			}
			return changed != null;
		}
		finally {
			lock.unlock();
		}
	}
}
