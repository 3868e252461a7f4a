package dev.hawser.connection;

import dev.hawser.api.CloseInitiator;
import org.springframework.web.socket.CloseStatus;

/**
 * The closing handshake of RFC 6455 section 7 as a state without I/O: each method reports an event and returns what the caller must
 * do. Used by {@link Closing} alone, under the connection's lock; {@link #phase} may be read without it.
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

	/** This side closes. True: send the close frame and wait for the peer's. False: the closing has already begun. */
	boolean begin(CloseStatus ours) {
		if (phase != Phase.OPEN) {
			return false;
		}
		phase = Phase.CLOSE_SENT;
		status = ours;
		initiator = CloseInitiator.SERVER;
		return true;
	}

	/** The peer's close frame has come, which completes the handshake. True: echo it first (section 5.5.1). */
	boolean peerClosed(CloseStatus theirs) {
		heardClose = true;
		if (phase != Phase.OPEN) {
			return false;
		}
		status = theirs;
		initiator = CloseInitiator.CLIENT;
		return true;
	}

	/** A ping is sent. */
	void pinged() {
		awaitsPong = true;
	}

	/** A pong has come. It counts as the answer to the latest ping, since only that one must be answered (section 5.5.3). */
	void ponged() {
		awaitsPong = false;
	}

	/**
	 * Whether a peer that keeps the rules will send nothing more. Its close frame has come, after which it sends no data (section
	 * 5.5.1), and no ping of ours is open, which it would have to answer until it receives our close frame (section 5.5.2).
	 */
	boolean heardOut() {
		return heardClose && !awaitsPong;
	}

	/**
	 * This side gives the connection up: nothing is sent or received any more. Keeps a known status, otherwise 1006 (section
	 * 7.1.5).
	 */
	void abandoned() {
		if (phase == Phase.OPEN) {
			initiator = CloseInitiator.SERVER;
		}
	}

	/** Ends the handshake; {@link #status} and {@link #initiator} are then final. True at the first call only. */
	boolean complete() {
		if (phase == Phase.COMPLETE) {
			return false;
		}
		phase = Phase.COMPLETE;
		return true;
	}

	/** Ends the output: nothing is written any more. True at the first call only. */
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
