package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import org.springframework.web.socket.CloseStatus;

/**
 * The closing handshake of RFC 6455 section 7 as a state without I/O: each method says what has happened and returns what
 * is to be done. Used by {@link Closing} alone, under the connection's lock; {@link #phase} may be read without it.
 *
 * <pre>
 *  OPEN --we close--> CLOSE_SENT --peer's close frame, end of the socket, deadline--> COMPLETE
 *  OPEN --peer's close frame (echo it), end of the socket, violation--------------> COMPLETE
 * </pre>
 */
final class CloseHandshake {
	enum Phase {
		OPEN, CLOSE_SENT, COMPLETE
	}

	private volatile Phase phase = Phase.OPEN;
	private CloseStatus status = CloseStatus.NO_CLOSE_FRAME;
	private CloseInitiator initiator = CloseInitiator.CLIENT;
	private boolean heardClose;
	private boolean awaitsPong;
	private boolean outputEnded;

	Phase phase() {
		return phase;
	}

	/** We want to close. True: send the close frame and await the peer's; false: the closing has begun before. */
	boolean begin(CloseStatus ours) {
		if (phase != Phase.OPEN) {
			return false;
		}
		phase = Phase.CLOSE_SENT;
		status = ours;
		initiator = CloseInitiator.SERVER;
		return true;
	}

	/** The peer's close frame is here, which completes the handshake. True: echo it first (section 5.5.1). */
	boolean peerClosed(CloseStatus theirs) {
		heardClose = true;
		if (phase != Phase.OPEN) {
			return false;
		}
		status = theirs;
		initiator = CloseInitiator.CLIENT;
		return true;
	}

	/** A ping goes out. */
	void pinged() {
		awaitsPong = true;
	}

	/** A pong has come: taken for the answer to the latest ping, which alone must be answered (section 5.5.3). */
	void ponged() {
		awaitsPong = false;
	}

	/**
	 * Whether a peer that keeps to the rules has nothing more to say: its close frame has come, behind which it sends no data
	 * (section 5.5.1), and no ping of ours, which it must answer until it has received our close frame (section 5.5.2).
	 */
	boolean heardOut() {
		return heardClose && !awaitsPong;
	}

	/** Nothing will come or go any more, for a cause of this side. Keeps the status if one is known, else 1006 (section 7.1.5). */
	void abandoned() {
		if (phase == Phase.OPEN) {
			initiator = CloseInitiator.SERVER;
		}
	}

	/** True exactly once: the handshake is over, {@link #status} and {@link #initiator} are final. */
	boolean complete() {
		if (phase == Phase.COMPLETE) {
			return false;
		}
		phase = Phase.COMPLETE;
		return true;
	}

	/** Nothing will be written any more. True the first time. */
	boolean endOutput() {
		boolean first = !outputEnded;
		outputEnded = true;
		return first;
	}

	CloseStatus status() {
		return status;
	}

	CloseInitiator initiator() {
		return initiator;
	}
}
