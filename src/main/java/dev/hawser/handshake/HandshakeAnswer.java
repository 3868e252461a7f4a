package dev.hawser.handshake;

import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.Names;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Collects the answer to one opening handshake. */
final class HandshakeAnswer implements HandshakeResponse {
	private static final int SWITCHING_PROTOCOLS = 101;
	private static final int BAD_REQUEST = 400;
	/** Headers that the server sets itself; values from a callback are ignored. */
	private static final Set<String> ENGINE_HEADERS = Set.of("upgrade", "connection", "sec-websocket-accept",
			"sec-websocket-version", "sec-websocket-extensions", "content-length", "transfer-encoding");
	private static final byte[] NO_BODY = new byte[0];

	private final List<String> offered;
	private final Supplier<Map<String, @Nullable Object>> claims;
	private final Map<String, Object> attributes;
	private int status = BAD_REQUEST;
	private @Nullable String subprotocol;
	/** Null while there are none, as in most handshakes. */
	private @Nullable HttpHeaders headers;
	private byte[] body = NO_BODY;
	private boolean ended;

	private @Nullable String userId;
	/** Both are empty in most handshakes. */
	private Set<String> groups = Set.of();
	private Set<String> roles = Set.of();
	private boolean withoutTokenGroups;
	private boolean withoutTokenRoles;

	/**
	 * @param claims     the claims of the token, read only when the application keeps some
	 * @param attributes the map that becomes the attributes of the connection
	 */
	HandshakeAnswer(List<String> offered, Supplier<Map<String, @Nullable Object>> claims, Map<String, Object> attributes) {
		this.offered = offered;
		this.claims = claims;
		this.attributes = attributes;
	}

	@Override
	public HandshakeAnswer status(int code) {
		requireOpen();
		if (code < SWITCHING_PROTOCOLS || code > 599 || (code > SWITCHING_PROTOCOLS && code < 200)) {
			throw new IllegalArgumentException("Status " + code + " cannot answer a handshake: use 101, or 200 to 599.");
		}
		status = code;
		return this;
	}

	@Override
	public HandshakeAnswer header(String name, String value) {
		requireOpen();
		if ((name + value).chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
			throw new IllegalArgumentException("Header " + name.strip() + " contains a line break.");
		}
		String lower = name.toLowerCase(Locale.ROOT);
		if (lower.equals("sec-websocket-protocol")) {
			List.of(value.split(",")).stream().map(String::strip).filter(offered::contains).findFirst().ifPresent(this::subprotocol);
		}
		else if (!ENGINE_HEADERS.contains(lower)) {
			if (headers == null) {
				headers = new HttpHeaders();
			}
			headers.add(name, value);
		}
		return this;
	}

	@Override
	public HandshakeAnswer subprotocol(String name) {
		requireOpen();
		if (!offered.contains(name)) {
			throw new IllegalArgumentException("Subprotocol " + name + " was not offered by the client, which offers " + offered + ".");
		}
		subprotocol = name;
		return this;
	}

	@Override
	public HandshakeAnswer user(String name) {
		requireOpen();
		if (!name.isEmpty()) {
			Names.requireUser(name);
		}
		userId = name;
		return this;
	}

	@Override
	public HandshakeAnswer groups(Collection<String> names) {
		requireOpen();
		names.forEach(Names::requireGroup);
		groups = union(groups, names);
		return this;
	}

	@Override
	public HandshakeAnswer roles(Collection<String> names) {
		requireOpen();
		names.forEach(Names::requireRole);
		roles = union(roles, names);
		return this;
	}

	@Override
	public HandshakeAnswer withoutTokenGroups() {
		requireOpen();
		withoutTokenGroups = true;
		return this;
	}

	@Override
	public HandshakeAnswer withoutTokenRoles() {
		requireOpen();
		withoutTokenRoles = true;
		return this;
	}

	private static Set<String> union(Set<String> before, Collection<String> more) {
		return Stream.concat(before.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public HandshakeAnswer attribute(String name, Object value) {
		requireOpen();
		attributes.put(name, value);
		return this;
	}

	@Override
	public HandshakeAnswer keepClaims(String... names) {
		requireOpen();
		Map<String, Object> kept = new LinkedHashMap<>(claims.get());
		kept.keySet().retainAll(Set.of(names));
		return attribute(CLAIMS, Collections.unmodifiableMap(kept));
	}

	@Override
	public void end(byte[] bytes) {
		requireOpen();
		body = bytes.clone();
		ended = true;
	}

	private void requireOpen() {
		if (ended) {
			throw new IllegalStateException("The handshake has been answered: end() was called before.");
		}
	}

	/** Null when the application has set none. */
	@Nullable
	String userId() {
		return userId;
	}

	Set<String> groups() {
		return groups;
	}

	Set<String> roles() {
		return roles;
	}

	/** The groups of the connection, if the token names these. */
	Set<String> groups(Set<String> ofToken) {
		return withoutTokenGroups || ofToken.isEmpty() ? groups : union(ofToken, groups);
	}

	/** The roles of the connection, if the token names these. */
	Set<String> roles(Set<String> ofToken) {
		return withoutTokenRoles || ofToken.isEmpty() ? roles : union(ofToken, roles);
	}

	boolean ended() {
		return ended;
	}

	boolean accepted() {
		return ended && status == SWITCHING_PROTOCOLS;
	}

	int status() {
		return status;
	}

	HttpHeaders headers() {
		return headers == null ? HttpHeaders.EMPTY : headers;
	}

	byte[] body() {
		return body;
	}

	@Nullable
	String subprotocol() {
		return subprotocol;
	}
}
