package dev.hawser.connection.outbox;

import dev.hawser.protocol.OutgoingFrame;

/**
 * What a connection that outlives its socket has not sent on this socket yet.
 *
 * @param number {@link #NEW}, {@link #ONCE}, or the number under which it was sent on an earlier socket
 */
record Unsent(OutgoingFrame frame, long number) {
	/** Number of a message that has not been sent. */
	static final long NEW = 0;
	/** Number of a frame that is sent once, and neither numbered nor kept. */
	static final long ONCE = -1;
}
