package dev.hawser.api;

/** Receives the messages of clients. Declare a bean of this type to register it; required when any other callback is declared. */
@FunctionalInterface
public interface OnMessage {

	/**
	 * Called once for each whole message, in the order in which the client sent them. Calls for one connection never overlap; calls
	 * for different connections run in parallel. May block: no other connection waits for it, and its own is not read meanwhile. Runs on
	 * a virtual thread, or on a thread that it shares with others while the hub's callbacks are many and quick; so it clears the
	 * thread-locals that it sets. When declared {@link NonBlocking}, runs on the thread that read the message. Throwing closes this
	 * connection with 1011.
	 *
	 * <p>Messages that are pushed here are sent at the end of the batch of messages that arrived together, at most 0.1 s later.
	 */
	void onMessage(WebSocketServer server, Frame frame) throws Exception;
}
