package dev.hawser.connection;

import dev.hawser.connection.limit.LimitSettings.ConnectionLimit;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;

/**
 * The socket of a client that comes back. When its 101 is on the wire it becomes the next socket of the client's connection, which may have to
 * be brought from another node; meanwhile the socket waits. If there is no such connection any more, the client is told to begin anew: it gets
 * a close frame with 1008.
 */
public final class Comeback implements Transport.Receiver, Newcomer {
	private final Connections connections;
	private final OpeningHandshake opening;
	private final Transport socket;
	private final WebSocketHandler handler;
	private final ReentrantLock lock = new ReentrantLock();
	/** Told of what reaches this object although the socket has been given another receiver. Guarded by the lock, as all below. */
	private Transport.@Nullable Receiver connection;
	/** The connection that has come from another node. */
	private @Nullable LastingConnection taken;
	private boolean waiting;
	/** What the client has sent meanwhile; null for nothing. */
	private @Nullable ByteBuffer early;
	private boolean ended;

	/** How a client fared that came back. */
	public enum Outcome {
		/** The connection has a socket again. */
		RECOVERED,
		/** The connection has changed to a new socket while the old one still seemed to work. */
		TAKEN_OVER,
		/** The connection has come from another node. */
		MOVED,
		/** The client has not shown that the connection is its own, or there is no such connection any more. */
		REFUSED
	}

	/** @param opening with the connection that the client has proved to be its own as the recovered one; null for none */
	public Comeback(Connections connections, OpeningHandshake opening, Transport socket, WebSocketHandler handler) {
		this.connections = connections;
		this.opening = opening;
		this.socket = socket;
		this.handler = handler;
	}

	@Override
	public void open() {
		String id = opening.recoveredId();
		WebSocketConnection found = id == null ? null : connections.find(id);
		if (id != null && (found == null || found.isClosed())) {
			locked(() -> waiting = true);
			if (!opening.hub().subprotocol(opening).bringHere(this)) {
				refuse(CloseReasons.NOT_RECOVERED);
			}
			return;
		}
		boolean wasAway = found instanceof LastingConnection lasting && lasting.isAway();
		Transport.Receiver back = found instanceof LastingConnection lasting && lasting.hub() == opening.hub() ? lasting.comeBack(socket)
				: null;
		if (back == null) {
			refuse(CloseReasons.NOT_RECOVERED);
			return;
		}
		opening.hub().observer().cameBack(wasAway ? Outcome.RECOVERED : Outcome.TAKEN_OVER);
		goOn(back);
	}

	private void locked(Runnable change) {
		lock.lock();
		try {
			change.run();
		}
		finally {
			lock.unlock();
		}
	}

	/** From now on the connection is told. */
	private void goOn(Transport.Receiver told) {
		ByteBuffer bytes;
		boolean over;
		lock.lock();
		try {
			connection = told;
			bytes = early;
			over = ended;
			early = null;
			waiting = false;
		}
		finally {
			lock.unlock();
		}
		if (bytes != null && told.received(bytes)) {
			socket.resume();
		}
		if (over) {
			told.ended(null);
		}
	}

	// A client whose connection was elsewhere.

	@Override
	public String connectionId() {
		return Objects.requireNonNull(opening.recoveredId());
	}

	@Override
	public String hub() {
		return opening.hub().name();
	}

	@Override
	public WebSocketConnection take(Luggage luggage, String attribute, @Nullable Object value) {
		Map<String, Object> attributes = new HashMap<>(opening.attributes());
		if (value != null) {
			attributes.put(attribute, value);
		}
		OpeningHandshake again = new OpeningHandshake(opening.hub(), opening.fd(), opening.request(), luggage.user(), luggage.identity(),
				luggage.ticket(), opening.subprotocol(), null, attributes, luggage.connectionId());
		LastingConnection fresh = new LastingConnection(again, new Line(socket), handler, connections,
				Objects.requireNonNull(opening.hub().continuity(opening.subprotocol())));
		fresh.transport.carry(fresh);
		fresh.arrive(luggage);
		ConnectionLimit _ = connections.enter(fresh);
		locked(() -> taken = fresh);
		return fresh;
	}

	@Override
	public void begin() {
		LastingConnection begun = Objects.requireNonNull(taken, "take comes first");
		begun.openAgain();
		opening.hub().observer().cameBack(Outcome.MOVED);
		goOn(begun.line.receiver());
	}

	@Override
	public void refuse(CloseStatus status) {
		boolean paused;
		lock.lock();
		try {
			paused = early != null;
			early = null;
			waiting = false;
		}
		finally {
			lock.unlock();
		}
		new Farewell(status).say(socket, opening.hub(), connections.timers());
		if (paused) {
			socket.resume();
		}
		opening.hub().observer().cameBack(Outcome.REFUSED);
	}

	@Override
	public boolean received(ByteBuffer in) {
		Transport.Receiver told;
		lock.lock();
		try {
			told = connection;
			if (told == null && waiting) {
				early = ByteBuffer.allocate(in.remaining()).put(in).flip();
				return false;
			}
		}
		finally {
			lock.unlock();
		}
		if (told != null) {
			return told.received(in);
		}
		in.position(in.limit());
		return true;
	}

	/** A write of the refusal: what the connection writes is told to another receiver, see {@link Line#replace}. */
	@Override
	public void written() {
		socket.shutdownOutput();
	}

	@Override
	public void ended(@Nullable Throwable cause) {
		Transport.Receiver told;
		lock.lock();
		try {
			ended = true;
			told = connection;
		}
		finally {
			lock.unlock();
		}
		if (told != null) {
			told.ended(cause);
		}
		else {
			socket.close();
		}
	}
}
