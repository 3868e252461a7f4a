package dev.hawser.api;

/**
 * Decides on an opening handshake instead of the built-in checks. Declare a bean of this type to register it.
 *
 * <p>Accept with {@code response.accept()} (the same as {@code response.status(101).end()}), reject with any other status. The
 * objection of the built-in checks is in {@link HandshakeRequest#rejection}. The server still refuses any request that is not a
 * WebSocket handshake, and sets the headers of the 101 itself.
 *
 * <p>With this callback registered, {@link OnOpen} is not called. Use {@link WebSocketServer#defer} instead: its task runs when the
 * 101 is on the wire, before the first message.
 */
@FunctionalInterface
public interface OnHandShake {

	/**
	 * Called once for each request that asks for an upgrade, before all other callbacks of the connection. Runs on a virtual thread
	 * and may block. Returning without {@code end()}, or throwing, answers 500.
	 */
	void onHandShake(HandshakeRequest request, HandshakeResponse response) throws Exception;
}
