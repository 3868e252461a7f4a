package dev.hawser.api;

/** What became of a connection's leaving a group. */
public enum LeaveResult {
	/** The connection is no longer a member of the group. */
	LEFT,
	/** It was no member. */
	NOT_A_MEMBER,
	/** No connection has this fd, or it is closed. */
	NOT_FOUND
}
