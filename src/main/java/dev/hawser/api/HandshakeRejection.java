package dev.hawser.api;

import java.time.Duration;
import java.util.Map;

/**
 * The reason why a request does not become a connection, as the client receives it.
 *
 * @param status   the HTTP status: 4xx; 503 while the server stops or is full, or when tokens cannot be checked
 * @param reason   a short constant name, for metrics and for programs: {@code bad-key}, {@code token-expired}
 * @param detail   a sentence for people, with the remedy; without anything that the client sent
 * @param headers  headers that the status requires
 * @param waivable whether an {@code OnHandShake} callback may accept the request anyway; false where RFC 6455 forbids it
 */
public record HandshakeRejection(int status, String reason, String detail, Map<String, String> headers, boolean waivable) {

	/** The request is not a WebSocket handshake as RFC 6455 section 4.2.1 defines it; no callback can accept it. */
	public static HandshakeRejection malformed(int status, String reason, String detail, Map<String, String> headers) {
		return new HandshakeRejection(status, reason, detail, headers, false);
	}

	/** There is no room for any further client now. */
	public static HandshakeRejection noRoom(int status, String reason, String detail, Duration retryAfter) {
		return new HandshakeRejection(status, reason, detail, Map.of("Retry-After", Long.toString(retryAfter.toSeconds())), false);
	}

	/** The handshake is well-formed, but not allowed. */
	public static HandshakeRejection denied(int status, String reason, String detail, Map<String, String> headers) {
		return new HandshakeRejection(status, reason, detail, headers, true);
	}
}
