package dev.hawser.handshake;

import org.springframework.http.server.ServerHttpRequest;

/**
 * A request of HTTP/1.1 that also tells its address as text. Making a {@link java.net.URI} of it is a good part of what a handshake costs,
 * and most handshakes never need one.
 */
public interface AddressedRequest extends ServerHttpRequest {

	/** Scheme, host, path and query of a valid URI, still encoded. */
	String address();
}
