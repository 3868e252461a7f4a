package dev.hawser.connection;

/**
 * The deadlines of one connection, as plain arithmetic on the wheel's clock (milliseconds): when to ping, when a silent
 * peer is dead, when a quiet connection is idle, when a closing handshake has taken too long. Several threads read and write it
 * without a lock: each value stands for itself, and one that is out of date by a moment only makes a check come a little too early.
 */
final class Deadlines {
	enum Verdict {
		/** Nothing is due. */
		QUIET,
		/** Send a ping. */
		PING,
		/** The peer let a ping go unanswered. */
		NO_PONG,
		/** No message for the idle time. */
		IDLE,
		/** The token that let the connection in has ended. */
		EXPIRED,
		/** The closing handshake, or the wait for the peer to hang up, is over its time. */
		CLOSE_OVERDUE
	}

	private static final long NEVER = Long.MAX_VALUE;

	private final ConnectionSettings settings;
	private volatile long lastReceived;
	private volatile long lastSent;
	private volatile long lastMessage;
	private volatile long nextPing;
	/** When the first ping was sent that nothing has come after; {@link #NEVER} for none. */
	private volatile long unanswered = NEVER;
	/** Since when no callback holds up the reading: what the peer sent before may be unread, so its silence counts from here. */
	private volatile long readingSince;
	private volatile long closeDue = NEVER;
	/** When the token ends. */
	private volatile long expiry = NEVER;

	Deadlines(ConnectionSettings settings, long now) {
		this.settings = settings;
		lastReceived = now;
		lastSent = now;
		lastMessage = now;
		readingSince = now;
		nextPing = settings.pingInterval().isZero() ? NEVER : now + settings.pingInterval().toMillis();
	}

	/** Bytes came in. */
	void received(long now) {
		lastReceived = now;
	}

	/** Text or binary messages came in. */
	void receivedMessage(long now) {
		lastReceived = now;
		lastMessage = now;
	}

	/** A frame went out. Many do so between two ticks of the clock: writing the same again would cost each a memory barrier. */
	void sent(long now) {
		if (lastSent != now) {
			lastSent = now;
		}
	}

	/** As {@link #sent}, for a frame of a text or binary message. */
	void sentMessage(long now) {
		sent(now);
		if (lastMessage != now) {
			lastMessage = now;
		}
	}

	/** The socket is read again after a callback has held it up. */
	void resumed(long now) {
		readingSince = now;
	}

	/** Sets when the token ends, or, with a negative time, that it does not. */
	void expires(long at) {
		expiry = at < 0 ? NEVER : at;
	}

	/** Starts the time for the closing handshake (again: for each of its steps). Returns when it will be over. */
	long closing(long now) {
		closeDue = now + settings.closeTimeout().toMillis();
		return closeDue;
	}

	/**
	 * What is due now; the wheel's thread asks.
	 *
	 * @param reading whether the socket is being read: while a callback holds it up, silence is not the peer's fault
	 */
	Verdict check(long now, boolean reading) {
		if (closeDue != NEVER) {
			return now >= closeDue ? Verdict.CLOSE_OVERDUE : Verdict.QUIET;
		}
		if (now >= expiry) {
			return Verdict.EXPIRED;
		}
		if (!reading) {
			readingSince = now;
		}
		if (lastReceived >= unanswered) {
			unanswered = NEVER;
		}
		if (now >= pongDue()) {
			return Verdict.NO_PONG;
		}
		if (now >= idleDue()) {
			return Verdict.IDLE;
		}
		if (now < nextPing) {
			return Verdict.QUIET;
		}
		nextPing = now + settings.pingInterval().toMillis();
		if (unanswered == NEVER) {
			unanswered = now;
		}
		return Verdict.PING;
	}

	/** The next moment at which {@link #check} may have something to say; -1 for never. */
	long nextCheck() {
		if (closeDue != NEVER) {
			return closeDue;
		}
		long next = Math.min(Math.min(idleDue(), expiry), Math.min(nextPing, pongDue()));
		return next == NEVER ? -1 : next;
	}

	private long pongDue() {
		return unanswered == NEVER ? NEVER : Math.max(unanswered, readingSince) + settings.pongTimeout().toMillis();
	}

	private long idleDue() {
		return settings.idleTimeout().toMillis() == 0 ? NEVER : Math.max(lastMessage, readingSince) + settings.idleTimeout().toMillis();
	}

	long lastReceived() {
		return lastReceived;
	}

	long lastSent() {
		return lastSent;
	}
}
