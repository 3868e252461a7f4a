package dev.hawser.api;

/** What became of binding a connection to a user. */
public enum BindResult {
	/** The connection now belongs to the user. */
	BOUND,
	/** It was bound before: a connection is bound once. */
	ALREADY_BOUND,
	/** No connection has this fd. */
	NOT_FOUND
}
