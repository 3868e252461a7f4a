package dev.hawser.connection.outbox;

/** What happens to a message that does not fit into the outbox of a peer that reads too slowly. */
public enum SlowConsumerPolicy {
	/** The connection is closed with 1013, so that the peer knows that it missed something. */
	CLOSE,
	/**
	 * The message is dropped and the connection lives on: for streams in which the next value replaces the last. A message
	 * in fragments is dropped as a whole, if there is no room for the first; if there is none for a later one, the connection
	 * is closed with 1013, since a message cannot be taken back.
	 */
	DROP
}
