package dev.hawser.api;

/** What became of a connection's joining a group. */
public enum JoinResult {
	/** The connection is now a member of the group. */
	JOINED,
	/** It was a member before. */
	ALREADY_JOINED,
	/** It is in {@value WebSocketServer#MAX_GROUPS} groups, which is the most. */
	TOO_MANY,
	/** No connection has this fd, or it is closed. */
	NOT_FOUND
}
