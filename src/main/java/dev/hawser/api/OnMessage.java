package dev.hawser.api;

/**
 * Receives what clients send. Declare a bean of this type to register it; mandatory as soon as any other callback is
 * declared.
 */
@FunctionalInterface
public interface OnMessage {

	/**
	 * Called once for each whole message, in the order in which one client sent them and never twice at a time for one
	 * connection; connections run in parallel. Runs on a virtual thread and may block: its connection is not read meanwhile.
	 * Declared {@link NonBlocking}, it runs on the thread that read the message. Throwing closes this connection with 1011.
	 *
	 * <p>What is pushed here goes out at the end of the batch of messages that arrived together, at the latest 0.1 s later.
	 */
	void onMessage(WebSocketServer server, Frame frame) throws Exception;
}
