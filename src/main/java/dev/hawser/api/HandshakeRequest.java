package dev.hawser.api;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/** The HTTP request of an opening handshake, and what the built-in checks found. Read-only for callbacks; any thread may read it. */
public interface HandshakeRequest {

	/** The name of the hub that is asked for. */
	String hub();

	/** The number that the connection will have if the handshake succeeds. */
	long fd();

	/** GET, or CONNECT for a WebSocket over HTTP/2 (RFC 8441). */
	String method();

	/** The address with scheme and host, as the client sent it. */
	URI uri();

	/** The path, percent-decoded, without the query. */
	default String path() {
		return uri().getPath();
	}

	/** All headers; names in any case. */
	HttpHeaders headers();

	/** The header's first value; empty when it is missing. */
	default Optional<String> header(String name) {
		return Optional.ofNullable(headers().getFirst(name));
	}

	/** The decoded query parameters, in order. */
	MultiValueMap<String, String> query();

	/** The query parameter's first value; empty when it is missing. */
	default Optional<String> query(String name) {
		return Optional.ofNullable(query().getFirst(name));
	}

	/** Cookies by name; of two with one name the first. */
	Map<String, String> cookies();

	/** The subprotocols that the client offers, in its order of preference; a {@code bearer} token pair is not among them. */
	List<String> subprotocols();

	/** The client: the peer of the TCP connection, or what trusted proxies say; with port 0 when they leave that out. */
	InetSocketAddress remoteAddress();

	/**
	 * The certificate that the TLS peer has shown and that the trust store vouches for; empty without one. Behind a proxy that
	 * ends TLS the peer is the proxy.
	 */
	Optional<ClientCertificate> clientCertificate();

	/** The user whom the token names; empty without a valid token. */
	Optional<Principal> principal();

	/** The token's claims; empty without a valid token. */
	Map<String, Object> claims();

	/** What is put here becomes the attributes of the connection, as Spring's {@code WebSocketSession} has them. */
	Map<String, Object> attributes();

	/**
	 * What the built-in checks object to; empty when they would accept. With an {@code OnHandShake} callback registered
	 * this is advice: the callback decides, except that a request that is no WebSocket handshake at all
	 * ({@link HandshakeRejection#waivable} false) never gets a 101.
	 */
	Optional<HandshakeRejection> rejection();

	/**
	 * The engine's own check of {@code Sec-WebSocket-Key}: present once, and the base64 form of 16 bytes. Over HTTP/2 there
	 * is none, and none is needed.
	 */
	boolean hasValidKey();
}
