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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.MultiValueMap;

/**
 * One opening handshake: its request, what the built-in checks have found so far, and the answer in the making. Spring hands it from one
 * interceptor to the next among the handshake's attributes; {@link #find} and {@link #take} are the places where it is taken out again.
 */
public final class Handshake implements HandshakeRequest {
	/** Where servlet containers leave the certificates of the TLS peer, among the attributes of a request. */
	public static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
	private static final String ATTRIBUTE = Handshake.class.getName();

	private final String hub;
	private final long fd;
	private final String connectionId;
	private final String method;
	private final String address;
	private final HttpHeaders headers;
	private final QueryParameters query;
	private final Map<String, String> cookies;
	private final OfferedSubprotocols offered;
	private final InetSocketAddress remoteAddress;
	private final @Nullable ClientCertificate certificate;
	private final Map<String, Object> attributes;
	private final HandshakeAnswer answer;
	private volatile @Nullable URI uri;
	private @Nullable VerifiedToken token;
	private @Nullable Instant endsAt;
	private @Nullable HandshakeRejection rejection;
	private List<Runnable> deferred = List.of();

	/**
	 * @param attributes where it stands from now on
	 * @param longest    bytes that Sec-WebSocket-Protocol may have
	 */
	Handshake(String hub, long fd, String connectionId, ServerHttpRequest request, Map<String, Object> attributes, long longest) {
		this.hub = hub;
		this.fd = fd;
		this.connectionId = connectionId;
		this.method = request.getMethod().name();
		this.address = request instanceof AddressedRequest addressed ? addressed.address() : request.getURI().toString();
		this.headers = headers(request);
		this.query = QueryParameters.of(query(request, address));
		this.cookies = RequestCookies.of(headers.getOrEmpty(HttpHeaders.COOKIE));
		this.offered = OfferedSubprotocols.of(headers, longest);
		this.remoteAddress = request.getRemoteAddress();
		this.certificate = address.startsWith("https:") ? ClientCertificate.of(request.getAttributes().get(CERTIFICATES)) : null;
		this.answer = new HandshakeAnswer(offered.names(), this::claims, attributes);
		this.attributes = attributes;
		attributes.put(ATTRIBUTE, this);
	}

	/** A servlet's headers are gone when the handshake is over, but OnOpen comes after that: they are copied. */
	private static HttpHeaders headers(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		if (request instanceof ServletServerHttpRequest) {
			headers = new HttpHeaders();
			headers.putAll(request.getHeaders());
		}
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	/** As it came: Spring leaves a query that is not well-formed out of the servlet request's URI. */
	private static @Nullable String query(ServerHttpRequest request, String address) {
		if (request instanceof ServletServerHttpRequest servlet) {
			return servlet.getServletRequest().getQueryString();
		}
		int fragment = address.indexOf('#');
		String resource = fragment < 0 ? address : address.substring(0, fragment);
		int mark = resource.indexOf('?');
		return mark < 0 ? null : resource.substring(mark + 1);
	}

	/** The handshake that these attributes are part of; null when it did not pass Hawser's interceptors. */
	public static @Nullable Handshake find(Map<String, Object> attributes) {
		return (Handshake) attributes.get(ATTRIBUTE);
	}

	/** As {@link #find}, and takes it out of the attributes, which become those of the connection. */
	public static @Nullable Handshake take(Map<String, Object> attributes) {
		return (Handshake) attributes.remove(ATTRIBUTE);
	}

	/** As {@link #find}, behind the first of Hawser's interceptors. */
	static Handshake of(Map<String, Object> attributes) {
		return Objects.requireNonNull(find(attributes), "KeyHandshakeInterceptor must come before this one");
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
	public String connectionId() {
		return connectionId;
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
			uri = made; // another thread that does the same at the same time makes an equal one
		}
		return made;
	}

	/** The address as text. */
	String address() {
		return address;
	}

	@Override
	public HttpHeaders headers() {
		return headers;
	}

	@Override
	public MultiValueMap<String, String> query() {
		return query.values();
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

	/** The name ({@code jti}) of the token; null without a valid token, or for one without a name. */
	public @Nullable String tokenId() {
		return token == null ? null : token.id();
	}

	OfferedSubprotocols offered() {
		return offered;
	}

	/** Whether every percent sign in the query begins an encoded byte. */
	boolean hasReadableQuery() {
		return query.wellFormed();
	}

	HandshakeAnswer answer() {
		return answer;
	}

	/** The user that the application names, otherwise the one that the token names; null for neither. */
	public @Nullable String userId() {
		String named = answer.userId();
		return named != null || token == null ? named : token.principal().getName();
	}

	/** Whether the application has said more about the connection than that it may be. */
	public boolean hasIdentity() {
		return answer.userId() != null || !answer.groups().isEmpty() || !answer.roles().isEmpty();
	}

	/** The groups that the application has the connection join. */
	public Set<String> groups() {
		return answer.groups();
	}

	/** The roles that the application gives the connection. */
	public Set<String> roles() {
		return answer.roles();
	}

	/** When the connection is to be closed because the token has ended; null for never. */
	public @Nullable Instant endsAt() {
		return endsAt;
	}

	/** What the application wants done when the connection is open. */
	public List<Runnable> deferred() {
		return deferred;
	}

	/** Keeps what the application wants done when the connection is open. */
	public void deferred(List<Runnable> tasks) {
		deferred = tasks;
	}

	void authenticated(VerifiedToken verified, @Nullable Instant end) {
		token = verified;
		endsAt = end;
	}

	void rejected(HandshakeRejection because) {
		rejection = because;
	}
}
