package dev.hawser.api;

/** The result of adding a connection to a group. */
public enum JoinResult {
	/** The connection is now a member of the group. */
	JOINED,
	/** The connection was already a member. */
	ALREADY_JOINED,
	/** The connection is in as many groups as it may be: {@value WebSocketServer#MAX_GROUPS}, or {@code hawser.connection.limits.groups}. */
	TOO_MANY,
	/** No connection has this fd, or it is closed. */
	NOT_FOUND
}
