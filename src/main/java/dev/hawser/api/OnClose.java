package dev.hawser.api;

import org.springframework.web.socket.CloseStatus;

/** Is told that a connection is over. Declare a bean of this type to register it; optional. */
@FunctionalInterface
public interface OnClose {

	/**
	 * Called exactly once for each connection that was established, after its last other callback. Pushing to {@code fd} is
	 * no longer possible; {@link WebSocketServer#connectionInfo} still answers. Runs on a virtual thread and may block.
	 * An exception is logged and changes nothing.
	 *
	 * @param status    the peer's code and reason if it closed first (1005: it gave none), ours if we did; 1006 when the
	 *     connection ended without a close frame
	 * @param initiator who closed first
	 */
	void onClose(WebSocketServer server, long fd, CloseStatus status, CloseInitiator initiator) throws Exception;
}
