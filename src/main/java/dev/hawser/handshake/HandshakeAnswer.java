package dev.hawser.handshake;

import dev.hawser.api.HandshakeResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What becomes the answer to one opening handshake. */
final class HandshakeAnswer implements HandshakeResponse {
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

	HandshakeAnswer(List<String> offered) {
		this.offered = offered;
	}

	@Override
	public HandshakeAnswer status(int code) {
		requireOpen();
		if (code < SWITCHING_PROTOCOLS || code > 599 || code > SWITCHING_PROTOCOLS && code < 200) {
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
