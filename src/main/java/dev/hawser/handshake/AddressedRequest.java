package dev.hawser.handshake;

import org.springframework.http.server.ServerHttpRequest;

/**
 * An HTTP/1.1 request that also has its address as text. Making a {@link java.net.URI} of the address is a large part of the cost
 * of a handshake, and most handshakes never need one.
 */
public interface AddressedRequest extends ServerHttpRequest {

	/** Scheme, host, path and query of a valid URI, still encoded. */
	String address();
}
