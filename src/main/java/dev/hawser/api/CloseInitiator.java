package dev.hawser.api;

/** The side that ended a connection. */
public enum CloseInitiator {
	/** The client: it sent the first close frame, or the network to it failed. */
	CLIENT,
	/** This server: a callback, a push, a limit, a deadline or the shutdown. */
	SERVER
}
