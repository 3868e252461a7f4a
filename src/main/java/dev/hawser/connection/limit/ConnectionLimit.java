package dev.hawser.connection.limit;

/** The limits that can refuse one more connection. */
public enum ConnectionLimit {
	/** {@code hawser.connection.limits.connections} is reached. */
	CONNECTIONS,
	/** {@code hawser.connection.limits.per-address} is reached. */
	ADDRESS,
	/** {@code hawser.connection.limits.handshakes-per-second} is exceeded. */
	HANDSHAKES,
	/** {@code hawser.connection.limits.handshakes-per-address} is exceeded. */
	HANDSHAKES_OF_ADDRESS
}
