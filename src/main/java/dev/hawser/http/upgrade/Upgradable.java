package dev.hawser.http.upgrade;

import org.jspecify.annotations.Nullable;

/**
 * The socket or stream of a handshake, which becomes a WebSocket when the handshake is accepted. Used by the handshake's thread.
 */
interface Upgradable {
	/** Whether this is a stream of an HTTP/2 connection, which is accepted with 200 (RFC 8441 section 5) and not with 101. */
	boolean isStream();

	/** A new transport on this socket or stream, not yet in use. */
	JettyTransport newTransport();

	/** Gives the socket to the transport when the response has been sent; null if there will be no connection after all. */
	void become(@Nullable JettyTransport transport);
}
