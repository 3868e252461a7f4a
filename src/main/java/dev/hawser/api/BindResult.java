package dev.hawser.api;

/** The result of binding a connection to a user. */
public enum BindResult {
	/** The connection now belongs to the user. */
	BOUND,
	/** The connection was bound before: it can be bound only once. */
	ALREADY_BOUND,
	/** No connection has this fd. */
	NOT_FOUND
}
