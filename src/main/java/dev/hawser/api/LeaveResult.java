package dev.hawser.api;

/** The result of removing a connection from a group. */
public enum LeaveResult {
	/** The connection is no longer a member of the group. */
	LEFT,
	/** The connection was not a member. */
	NOT_A_MEMBER,
	/** No connection has this fd, or it is closed. */
	NOT_FOUND
}
