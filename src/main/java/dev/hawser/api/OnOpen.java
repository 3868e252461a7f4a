package dev.hawser.api;

/** Called when a connection is established. Declare a bean of this type to register it; optional. */
@FunctionalInterface
public interface OnOpen {

	/**
	 * Called once for each connection, after the 101 is on the wire and before its first message; not at all when an
	 * {@link OnHandShake} is registered. Runs on a virtual thread and may block, unless declared {@link NonBlocking}.
	 * Throwing closes this connection with 1011.
	 */
	void onOpen(WebSocketServer server, HandshakeRequest request) throws Exception;
}
