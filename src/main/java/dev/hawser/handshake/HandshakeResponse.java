package dev.hawser.handshake;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The answer to an opening handshake, in the making. {@code status(101).end()} accepts; {@code end} with any other status
 * rejects. Headers and cookies set here arrive with either answer. Used by one thread; after {@link #end()} it is final.
 */
public final class HandshakeResponse {
	/** Under this name the response stands among the handshake's attributes. */
	public static final String ATTRIBUTE = HandshakeResponse.class.getName();
	private static final int SWITCHING_PROTOCOLS = 101;
	private static final int BAD_REQUEST = 400;
	/** The engine makes these itself; what a callback sets for them is left out. */
	private static final Set<String> ENGINE_HEADERS = Set.of("upgrade", "connection", "sec-websocket-accept",
			"sec-websocket-version", "sec-websocket-extensions", "content-length", "transfer-encoding");
	private static final byte[] NO_BODY = new byte[0];

	private final List<String> offered;
	private int status = BAD_REQUEST;
	private @Nullable String subprotocol;
	/** Null while there are none, which is the rule. */
	private @Nullable HttpHeaders headers;
	private byte[] body = NO_BODY;
	private boolean ended;

	HandshakeResponse(List<String> offered) {
		this.offered = offered;
	}

	/**
	 * The status; 400 unless set. Only 101 accepts, also over HTTP/2, where the client then sees the 200 of RFC 8441; a 2xx
	 * that refuses reaches it as 403 there.
	 */
	public HandshakeResponse status(int code) {
		requireOpen();
		if (code < SWITCHING_PROTOCOLS || code > 599 || code > SWITCHING_PROTOCOLS && code < 200) {
			throw new IllegalArgumentException("Status " + code + " cannot answer a handshake: use 101, or 200 to 599.");
		}
		status = code;
		return this;
	}

	/**
	 * Adds a header. Those that make up the 101 itself ({@code Upgrade}, {@code Connection}, {@code Sec-WebSocket-Accept},
	 * {@code -Version}, {@code -Extensions}) are the engine's and are left out here. {@code Sec-WebSocket-Protocol} counts as
	 * {@link #subprotocol}: of a list, the first that the client offered.
	 *
	 * @throws IllegalArgumentException for a line break in name or value
	 */
	public HandshakeResponse header(String name, String value) {
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

	/** Adds a cookie. */
	public HandshakeResponse cookie(ResponseCookie cookie) {
		return header(HttpHeaders.SET_COOKIE, cookie.toString());
	}

	/**
	 * The subprotocol of the connection.
	 *
	 * @throws IllegalArgumentException for one that the client did not offer (RFC 6455 section 4.2.2 forbids it)
	 */
	public HandshakeResponse subprotocol(String name) {
		requireOpen();
		if (!offered.contains(name)) {
			throw new IllegalArgumentException("Subprotocol " + name + " was not offered by the client, which offers " + offered + ".");
		}
		subprotocol = name;
		return this;
	}

	/** Accepts: {@code status(101).end()}. */
	public void accept() {
		status(SWITCHING_PROTOCOLS).end();
	}

	/** The answer is complete. */
	public void end() {
		end("");
	}

	/** The answer is complete, with this body in UTF-8; a 101 has none. */
	public void end(String text) {
		end(text.getBytes(StandardCharsets.UTF_8));
	}

	/** The answer is complete, with this body; a 101 has none. */
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
