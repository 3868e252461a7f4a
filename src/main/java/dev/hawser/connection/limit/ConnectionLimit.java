package dev.hawser.connection.limit;

/** Which limit stands against one more connection. */
public enum ConnectionLimit {
	/** {@code hawser.connection.limits.connections} is reached. */
	CONNECTIONS,
	/** {@code hawser.connection.limits.per-address} is reached. */
	ADDRESS,
	/** {@code hawser.connection.limits.handshakes-per-second} is passed. */
	HANDSHAKES,
	/** {@code hawser.connection.limits.handshakes-per-address} is passed. */
	HANDSHAKES_OF_ADDRESS
}
