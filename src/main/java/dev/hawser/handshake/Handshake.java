package dev.hawser.handshake;

import dev.hawser.api.ClientCertificate;
import dev.hawser.api.HandshakeRejection;
import dev.hawser.api.HandshakeRequest;
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

/** One opening handshake: its request, and what the built-in checks have found so far. */
public final class Handshake implements HandshakeRequest {
	/** Under this name the handshake stands among the handshake's attributes. */
	public static final String ATTRIBUTE = Handshake.class.getName();

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

	Handshake(String hub, long fd, HttpRequestParts parts, OfferedSubprotocols offered, Map<String, Object> attributes) {
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

	@Override
	public String hub() {
		return hub;
	}

	@Override
	public long fd() {
		return fd;
	}

	@Override
	public String method() {
		return method;
	}

	@Override
	public URI uri() {
		URI made = uri;
		if (made == null) {
			made = URI.create(address);
			uri = made; // whoever does the same at the same time makes an equal one
		}
		return made;
	}

	@Override
	public HttpHeaders headers() {
		return headers;
	}

	@Override
	public MultiValueMap<String, String> query() {
		return query;
	}

	@Override
	public Map<String, String> cookies() {
		return cookies;
	}

	@Override
	public List<String> subprotocols() {
		return offered.names();
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return remoteAddress;
	}

	@Override
	public Optional<ClientCertificate> clientCertificate() {
		return Optional.ofNullable(certificate);
	}

	@Override
	public Optional<Principal> principal() {
		return Optional.ofNullable(token).map(VerifiedToken::principal);
	}

	@Override
	public Map<String, Object> claims() {
		return token == null ? Map.of() : token.claims();
	}

	@Override
	public Map<String, Object> attributes() {
		return attributes;
	}

	@Override
	public Optional<HandshakeRejection> rejection() {
		return Optional.ofNullable(rejection);
	}

	@Override
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
