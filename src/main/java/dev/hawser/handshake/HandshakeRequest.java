package dev.hawser.handshake;

import dev.hawser.token.VerifiedToken;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/** The HTTP request of an opening handshake, and what the built-in checks found. Read-only for callbacks. */
public final class HandshakeRequest {
	/** Under this name the request stands among the handshake's attributes. */
	public static final String ATTRIBUTE = HandshakeRequest.class.getName();

	private final String hub;
	private final long fd;
	private final String method;
	private final String address;
	private final HttpHeaders headers;
	private final MultiValueMap<String, String> query;
	private final Map<String, String> cookies;
	private final OfferedSubprotocols offered;
	private final InetSocketAddress remoteAddress;
	private final @Nullable ClientCertificate certificate;
	private final Map<String, Object> attributes;
	private volatile @Nullable URI uri;
	private @Nullable VerifiedToken token;
	private @Nullable Instant endsAt;
	private @Nullable HandshakeRejection rejection;

	HandshakeRequest(String hub, long fd, HttpRequestParts parts, OfferedSubprotocols offered, Map<String, Object> attributes) {
		this.hub = hub;
		this.fd = fd;
		this.attributes = attributes;
		this.method = parts.method();
		this.address = parts.address();
		this.headers = parts.headers();
		this.query = parts.query().values();
		this.cookies = parts.cookies();
		this.remoteAddress = parts.remoteAddress();
		this.certificate = parts.certificate();
		this.offered = offered;
	}

	/** The name of the endpoint at which it knocks. */
	public String hub() {
		return hub;
	}

	/** The number that the connection will have if the handshake succeeds. */
	public long fd() {
		return fd;
	}

	/** GET, or CONNECT for a WebSocket over HTTP/2 (RFC 8441). */
	public String method() {
		return method;
	}

	public URI uri() {
		URI made = uri;
		if (made == null) {
			made = URI.create(address);
			uri = made; // whoever does the same at the same time makes an equal one
		}
		return made;
	}

	/** The path, percent-decoded, without the query. */
	public String path() {
		return uri().getPath();
	}

	/** All headers; names in any case. */
	public HttpHeaders headers() {
		return headers;
	}

	/** The header's first value; empty when it is missing. */
	public Optional<String> header(String name) {
		return Optional.ofNullable(headers.getFirst(name));
	}

	/** The decoded query parameters, in order. */
	public MultiValueMap<String, String> query() {
		return query;
	}

	/** The query parameter's first value; empty when it is missing. */
	public Optional<String> query(String name) {
		return Optional.ofNullable(query.getFirst(name));
	}

	/** Cookies by name; of two with one name the first. */
	public Map<String, String> cookies() {
		return cookies;
	}

	/** The subprotocols that the client offers, in its order of preference; a {@code bearer} token pair is not among them. */
	public List<String> subprotocols() {
		return offered.names();
	}

	/** The client: the peer of the TCP connection, or what trusted proxies say; with port 0 when they leave that out. */
	public InetSocketAddress remoteAddress() {
		return remoteAddress;
	}

	/**
	 * The certificate that the TLS peer has shown and that the trust store vouches for; empty without one. Behind a proxy that
	 * ends TLS the peer is the proxy.
	 */
	public Optional<ClientCertificate> clientCertificate() {
		return Optional.ofNullable(certificate);
	}

	/** Whom the token names; empty without a valid token. */
	public Optional<Principal> principal() {
		return Optional.ofNullable(token).map(VerifiedToken::principal);
	}

	/** The token's claims; empty without a valid token. */
	public Map<String, Object> claims() {
		return token == null ? Map.of() : token.claims();
	}

	/** What is put here becomes the attributes of the connection, as Spring's {@code WebSocketSession} has them. */
	public Map<String, Object> attributes() {
		return attributes;
	}

	/**
	 * What the built-in checks object to; empty when they would accept. With an {@code OnHandShake} callback registered
	 * this is advice: the callback decides, except that a request that is no WebSocket handshake at all
	 * ({@link HandshakeRejection#waivable} false) never gets a 101.
	 */
	public Optional<HandshakeRejection> rejection() {
		return Optional.ofNullable(rejection);
	}

	/**
	 * The engine's own check of {@code Sec-WebSocket-Key}: present once, and the base64 form of 16 bytes. Over HTTP/2 there
	 * is none, and none is needed.
	 */
	public boolean hasValidKey() {
		return isConnect() || HandshakeRules.hasValidKey(headers);
	}

	/** Whether it comes on a stream of HTTP/2 (RFC 8441). */
	boolean isConnect() {
		return method.equals("CONNECT");
	}

	/** What a valid token says; empty without one. */
	public Optional<VerifiedToken> token() {
		return Optional.ofNullable(token);
	}

	OfferedSubprotocols offered() {
		return offered;
	}

	/** When the connection is to be closed because the token has ended; empty for never. */
	public Optional<Instant> endsAt() {
		return Optional.ofNullable(endsAt);
	}

	void authenticated(VerifiedToken verified, @Nullable Instant end) {
		token = verified;
		endsAt = end;
	}

	void rejected(HandshakeRejection because) {
		rejection = because;
	}
}
