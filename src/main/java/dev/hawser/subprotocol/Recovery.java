package dev.hawser.subprotocol;

/**
 * Finds the connections that clients come back to. On a single node they are where they were; with several nodes a client may come back
 * to another one, which then has to take the connection over. Safe for any thread.
 */
public interface Recovery {

	/**
	 * Has this node carry on the connection, if it still exists. Called for a client that has proved that the connection is its own, on
	 * a thread that handles handshakes, before the handshake is answered.
	 *
	 * @return whether this node has the connection
	 */
	boolean bringHere(String connectionId);
}
