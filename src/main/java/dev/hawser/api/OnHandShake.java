package dev.hawser.api;

/**
 * Decides on an opening handshake instead of the built-in checks. Declare a bean of this type to register it.
 *
 * <p>Accept with {@code response.accept()} (the same as {@code response.status(101).end()}), reject with any other status.
 * What the built-in checks found is in {@link HandshakeRequest#rejection}; the engine still refuses by itself what is no
 * WebSocket handshake. The engine makes the 101's own headers.
 *
 * <p>With this callback registered, {@link OnOpen} is not called; {@link WebSocketServer#defer} here runs its task when the
 * 101 is on the wire, before the first message.
 */
@FunctionalInterface
public interface OnHandShake {

	/**
	 * Called once for each request that asks for an upgrade, before anything else of its connection. Runs on a virtual
	 * thread and may block. Returning without {@code end()}, or throwing, answers 500.
	 */
	void onHandShake(HandshakeRequest request, HandshakeResponse response) throws Exception;
}
