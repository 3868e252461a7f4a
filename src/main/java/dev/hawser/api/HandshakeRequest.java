package dev.hawser.api;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/**
 * The HTTP request of an opening handshake, with the result of the built-in checks. Read-only for callbacks; any thread may read
 * it.
 */
public interface HandshakeRequest {

	/** The name of the hub that the client asks for. */
	String hub();

	/** The number that the connection will have if the handshake succeeds. */
	long fd();

	/** The name that the connection will have in the whole cluster if the handshake succeeds; the 101 tells it to the client. */
	String connectionId();

	/** GET, or CONNECT for a WebSocket over HTTP/2 (RFC 8441). */
	String method();

	/** The address with scheme and host, as the client sent it. */
	URI uri();

	/** The path, percent-decoded, without the query. */
	default String path() {
		return uri().getPath();
	}

	/** All headers; names are not case-sensitive. */
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

	/** Cookies by name; of two cookies with the same name, the first. */
	Map<String, String> cookies();

	/** The subprotocols that the client offers, in its order of preference; a {@code bearer} token pair is not among them. */
	List<String> subprotocols();

	/**
	 * The client's address: the peer of the TCP connection, or the address that trusted proxies name, with port 0 when they leave
	 * out the port.
	 */
	InetSocketAddress remoteAddress();

	/**
	 * The certificate of the TLS peer, checked against the trust store; empty without one. Behind a proxy that ends TLS the peer is
	 * the proxy.
	 */
	Optional<ClientCertificate> clientCertificate();

	/** The user that the token names; empty without a valid token. */
	Optional<Principal> principal();

	/** The token's claims; empty without a valid token. */
	Map<String, @Nullable Object> claims();

	/** A map whose entries become the attributes of the connection, as in Spring's {@code WebSocketSession}. */
	Map<String, Object> attributes();

	/**
	 * The objection of the built-in checks; empty when they accept. For an {@code OnHandShake} callback the objection is advice:
	 * the callback decides. Only a request that is not a WebSocket handshake at all ({@link HandshakeRejection#waivable} false)
	 * never gets a 101.
	 */
	Optional<HandshakeRejection> rejection();

	/**
	 * Whether the client has come back, and its connection has moved here from another node. For {@link OnOpen} only: the
	 * connection has its id, user, groups and roles as before, and its attributes are empty.
	 */
	default boolean isRecovered() {
		return false;
	}

	/**
	 * Whether {@code Sec-WebSocket-Key} is present once and is the base64 form of 16 bytes. Over HTTP/2 there is no key, and none
	 * is needed.
	 */
	boolean hasValidKey();
}
