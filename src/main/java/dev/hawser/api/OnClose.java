package dev.hawser.api;

import org.springframework.web.socket.CloseStatus;

/** Called when a connection has ended. Declare a bean of this type to register it; optional. */
@FunctionalInterface
public interface OnClose {

	/**
	 * Called exactly once for each connection that was established, after all its other callbacks. Pushing to {@code fd} is no
	 * longer possible; {@link WebSocketServer#connectionInfo} still answers. Runs on a virtual thread and may block. An exception
	 * is logged and changes nothing.
	 *
	 * @param status    code and reason of the side that closed first (1005: the client gave no code); 1006 when the connection
	 *     ended without a close frame
	 * @param initiator the side that closed first
	 */
	void onClose(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) throws Exception;
}
