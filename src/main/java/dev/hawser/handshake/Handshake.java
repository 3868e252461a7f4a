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
 * One opening handshake: its request, the result of the built-in checks so far, and the answer before it is sent. Spring passes it
 * from one interceptor to the next as one of the handshake's attributes; {@link #find} and {@link #take} read it from there.
 */
public final class Handshake implements HandshakeRequest {
	/** Name of the request attribute in which servlet containers store the certificates of the TLS peer. */
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
	private HandshakePolicy.@Nullable Accepted accepted;
	private @Nullable HandshakeRejection rejection;
	private boolean comesBack;
	private @Nullable String claimed;
	private List<Runnable> deferred = List.of();

	/**
	 * @param attributes the attributes in which the handshake is stored
	 * @param longest    most bytes of Sec-WebSocket-Protocol
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

	/** The headers. Those of a servlet are copied, since they are gone after the handshake, and OnOpen comes later. */
	private static HttpHeaders headers(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		if (request instanceof ServletServerHttpRequest) {
			headers = new HttpHeaders();
			headers.putAll(request.getHeaders());
		}
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	/** The query as received: Spring leaves a malformed query out of the servlet request's URI. */
	private static @Nullable String query(ServerHttpRequest request, String address) {
		if (request instanceof ServletServerHttpRequest servlet) {
			return servlet.getServletRequest().getQueryString();
		}
		int fragment = address.indexOf('#');
		String resource = fragment < 0 ? address : address.substring(0, fragment);
		int mark = resource.indexOf('?');
		return mark < 0 ? null : resource.substring(mark + 1);
	}

	/** The handshake in these attributes; null when the request has not passed Hawser's interceptors. */
	public static @Nullable Handshake find(Map<String, Object> attributes) {
		return (Handshake) attributes.get(ATTRIBUTE);
	}

	/** As {@link #find}, and removes the handshake from the attributes, which become those of the connection. */
	public static @Nullable Handshake take(Map<String, Object> attributes) {
		return (Handshake) attributes.remove(ATTRIBUTE);
	}

	/** As {@link #find}, but never null; for the interceptors after Hawser's first. */
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
			uri = made; // another thread may do the same at the same time, and makes an equal one
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
		return token().map(VerifiedToken::principal);
	}

	@Override
	public Map<String, @Nullable Object> claims() {
		return accepted == null ? Map.of() : accepted.token().claims();
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

	/** Whether the handshake came on a stream of HTTP/2 (RFC 8441). */
	boolean isConnect() {
		return method.equals("CONNECT");
	}

	/** The valid token; empty without one. */
	public Optional<VerifiedToken> token() {
		return Optional.ofNullable(accepted).map(HandshakePolicy.Accepted::token);
	}

	/** The name ({@code jti}) of the token; null without a valid token, or for one without a name. */
	public @Nullable String tokenId() {
		return accepted == null ? null : accepted.token().id();
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
		if (named == null) {
			return principal().map(Principal::getName).orElse(null);
		}
		return named.isEmpty() ? null : named;
	}

	/** Whether the application or the token has set a user, groups or roles of the connection, besides the principal. */
	public boolean hasIdentity() {
		return answer.userId() != null || !groups().isEmpty() || !roles().isEmpty();
	}

	/** The groups that the connection joins: those that the token names, and those that the application adds. */
	public Set<String> groups() {
		return accepted == null ? answer.groups() : answer.groups(accepted.groups());
	}

	/** The roles of the connection: those that the token names, and those that the application adds. */
	public Set<String> roles() {
		return accepted == null ? answer.roles() : answer.roles(accepted.roles());
	}

	/** When the connection must be closed because the token has expired; null for never. */
	public @Nullable Instant endsAt() {
		return accepted == null ? null : accepted.endsAt();
	}

	/** The tasks that the application has deferred until the connection is open. */
	public List<Runnable> deferred() {
		return deferred;
	}

	/** Keeps the tasks that the application has deferred until the connection is open. */
	public void deferred(List<Runnable> tasks) {
		deferred = tasks;
	}

	void authenticated(HandshakePolicy.Accepted token) {
		accepted = token;
	}

	/**
	 * The client asks to go on with a connection, and not for a new one: neither its token nor the application is asked.
	 *
	 * @param subprotocol  the subprotocol of the connection, which the client must offer
	 * @param connectionId the connection that the client has proved to be its own; null for none: it is told to begin anew
	 */
	public void comesBack(String subprotocol, @Nullable String connectionId) {
		answer.subprotocol(subprotocol);
		comesBack = true;
		claimed = connectionId;
	}

	@Override
	public boolean isRecovered() {
		return comesBack;
	}

	/** Whether the client asks to go on with a connection. */
	public boolean isReturn() {
		return comesBack;
	}

	/** The connection that a returning client has proved to be its own; null for none. */
	public @Nullable String claimed() {
		return claimed;
	}

	void rejected(HandshakeRejection because) {
		rejection = because;
	}
}
