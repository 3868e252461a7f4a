package dev.hawser.http.upgrade;

import org.jspecify.annotations.Nullable;

/** What a handshake came in on, and what becomes a WebSocket when it is accepted. Used by the handshake's thread. */
interface Upgradable {
	/** Whether it is a stream of an HTTP/2 connection, which 200 opens (RFC 8441 section 5); otherwise it takes a 101. */
	boolean isStream();

	/** A transport on it, not yet in use. */
	JettyTransport newTransport();

	/** From the end of the response on the transport has the socket; null for none after all. */
	void become(@Nullable JettyTransport transport);
}
