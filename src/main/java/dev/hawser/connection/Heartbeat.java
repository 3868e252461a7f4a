package dev.hawser.connection;

/**
 * The deadlines of one connection, as plain arithmetic on the wheel's clock (milliseconds): when to ping, when a silent
 * peer is dead, when a quiet connection is idle, when a closing handshake has taken too long.
 */
final class Heartbeat {
	enum Verdict {
		/** Nothing is due. */
		QUIET,
		/** Send a ping. */
		PING,
		/** The peer let a ping go unanswered. */
		NO_PONG,
		/** No message for the idle time. */
		IDLE,
		/** The closing handshake, or the wait for the peer to hang up, is over its time. */
		CLOSE_OVERDUE
	}

	private static final long NEVER = Long.MAX_VALUE;

	private final long pingInterval;
	private final long pongTimeout;
	private final long idleTimeout;
	private final long closeTimeout;
	private volatile long lastReceived;
	private volatile long lastSent;
	private volatile long lastMessage;
	private long nextPing;
	/** When the peer must have sent something since the last ping. */
	private long pongDue = NEVER;
	private long pingedAt;
	private volatile long closeDue = NEVER;

	Heartbeat(ConnectionSettings settings, long now) {
		pingInterval = settings.pingInterval().toMillis();
		pongTimeout = settings.pongTimeout().toMillis();
		idleTimeout = settings.idleTimeout().toMillis();
		closeTimeout = settings.closeTimeout().toMillis();
		lastReceived = now;
		lastSent = now;
		lastMessage = now;
		nextPing = pingInterval == 0 ? NEVER : now + pingInterval;
	}

	/** Bytes came in. */
	void received(long now, boolean message) {
		lastReceived = now;
		if (message) {
			lastMessage = now;
		}
	}

	/** A frame went out. */
	void sent(long now, boolean message) {
		lastSent = now;
		if (message) {
			lastMessage = now;
		}
	}

	/** Starts the time for the closing handshake (again: for each of its steps). Returns when it will be over. */
	long closing(long now) {
		closeDue = now + closeTimeout;
		return closeDue;
	}

	/**
	 * What is due now; the wheel's thread asks.
	 *
	 * @param reading whether the socket is being read: while a callback holds it up, a missing pong is not the peer's fault
	 */
	Verdict check(long now, boolean reading) {
		if (closeDue != NEVER) {
			return now >= closeDue ? Verdict.CLOSE_OVERDUE : Verdict.QUIET;
		}
		if (lastReceived >= pingedAt) {
			pongDue = NEVER;
		}
		if (now >= pongDue) {
			if (reading) {
				return Verdict.NO_PONG;
			}
			pongDue = now + pongTimeout;
		}
		if (idleTimeout > 0 && now - lastMessage >= idleTimeout) {
			return Verdict.IDLE;
		}
		if (now < nextPing) {
			return Verdict.QUIET;
		}
		nextPing = now + pingInterval;
		if (pongDue == NEVER) {
			pingedAt = now;
			pongDue = now + pongTimeout;
		}
		return Verdict.PING;
	}

	/** The next moment at which {@link #check} may have something to say; -1 for never. */
	long nextCheck() {
		if (closeDue != NEVER) {
			return closeDue;
		}
		long idleDue = idleTimeout == 0 ? NEVER : lastMessage + idleTimeout;
		long next = Math.min(idleDue, Math.min(nextPing, pongDue));
		return next == NEVER ? -1 : next;
	}

	long lastReceived() {
		return lastReceived;
	}

	long lastSent() {
		return lastSent;
	}
}
