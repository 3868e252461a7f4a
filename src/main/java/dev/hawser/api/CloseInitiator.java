package dev.hawser.api;

/** Who ended a connection. */
public enum CloseInitiator {
	/** The peer: it sent the first close frame, or its side of the network went away. */
	CLIENT,
	/** This server: a callback, a push, a limit, a deadline or the shutdown. */
	SERVER
}
