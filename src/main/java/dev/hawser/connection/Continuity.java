package dev.hawser.connection;

import dev.hawser.connection.outbox.Unconfirmed;
import dev.hawser.protocol.OutgoingFrame;
import java.time.Duration;

/**
 * How the connections with a subprotocol outlive their sockets. Each message gets a number of its connection, from 1 upwards without
 * a gap, and is kept until the client confirms it. When a socket breaks, the connection stays for a while; if the client comes back,
 * it is sent what it has not confirmed, and the application notices nothing.
 */
public final class Continuity {
	final Duration window;
	final Unconfirmed.Bounds bounds;

	/** Puts the number of a message into its frame. */
	@FunctionalInterface
	public interface Numbering {
		/**
		 * The frame for one client. Called under the connection's lock, so it must be quick.
		 *
		 * @param message what {@link Subprotocol#wrap} has made, which other clients may get too
		 */
		OutgoingFrame numbered(OutgoingFrame message, long number);
	}

	/**
	 * @param window    time in which a client may come back after its socket broke; then the connection ends
	 * @param messages  most messages that are kept for a client; with one more its connection is closed
	 * @param bytes     most bytes that are kept for a client
	 * @param numbering puts the numbers into the messages
	 */
	public Continuity(Duration window, int messages, long bytes, Numbering numbering) {
		this.window = window;
		this.bounds = new Unconfirmed.Bounds(messages, bytes, numbering::numbered, System::nanoTime);
	}
}
