package dev.hawser.subprotocol;

import dev.hawser.connection.Newcomer;

/**
 * Brings connections here whose clients have come back to this node, from the node where they are. Without a bean of this type the node is
 * alone, and connections are where they were. Safe for any thread.
 */
@FunctionalInterface
public interface Recovery {

	/**
	 * Has this node carry on the connection, if it still exists. Called for a client that has proved that the connection is its own, on
	 * a thread that must not be blocked; the newcomer is told later.
	 */
	void bringHere(Newcomer newcomer);
}
