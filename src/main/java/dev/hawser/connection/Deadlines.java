package dev.hawser.connection;

/**
 * The deadlines of one connection, as plain arithmetic on the wheel's clock (milliseconds): when to ping, when a silent peer is
 * dead, when a quiet connection is idle, when a closing handshake has taken too long. Several threads read and write the values
 * without a lock: each value is independent, and a slightly outdated one only makes a check come a little too early.
 */
final class Deadlines {
	enum Verdict {
		/** Nothing is due. */
		QUIET,
		/** Send a ping. */
		PING,
		/** The peer did not answer a ping. */
		NO_PONG,
		/** No message for the idle time. */
		IDLE,
		/** The connection's token has expired. */
		EXPIRED,
		/** The closing handshake, or the wait for the peer to hang up, has taken too long. */
		CLOSE_OVERDUE;

		/** Whether the peer should have sent something. */
		boolean blamesPeer() {
			return switch (this) {
				case NO_PONG, IDLE, CLOSE_OVERDUE -> true;
				case QUIET, PING, EXPIRED -> false;
			};
		}
	}

	private static final long NEVER = Long.MAX_VALUE;

	private final ConnectionSettings settings;
	private volatile long lastReceived;
	private volatile long lastSent;
	private volatile long lastMessage;
	private volatile long nextPing;
	/** When the first ping was sent after which nothing has come; {@link #NEVER} for none. */
	private volatile long unanswered = NEVER;
	/**
	 * When the socket was last read again after a callback: earlier bytes of the peer may have been unread, so its silence counts
	 * from here.
	 */
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

	/**
	 * A frame was sent. Does not write the same time again: many frames are sent between two ticks, and each write would cost a
	 * memory barrier.
	 */
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

	/** The socket is read again after a callback. */
	void resumed(long now) {
		readingSince = now;
	}

	/** Sets when the token expires; a negative time means never. */
	void expires(long at) {
		expiry = at < 0 ? NEVER : at;
	}

	/** When the token expires; negative for never. */
	long expiry() {
		return expiry == NEVER ? -1 : expiry;
	}

	/** Starts the time for a step of the closing handshake. Returns when that time will be over. */
	long closing(long now) {
		closeDue = now + closeTimeout();
		return closeDue;
	}

	/** The time for a step of the closing handshake. */
	long closeTimeout() {
		return settings.closeTimeout().toMillis();
	}

	/**
	 * The deadline that is due now; called by the wheel's thread.
	 *
	 * @param reading whether the socket is being read: while a callback delays the reading, silence is not the peer's fault
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

	/** The next moment at which {@link #check} may find a deadline due; -1 for never. */
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
