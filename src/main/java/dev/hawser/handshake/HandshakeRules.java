package dev.hawser.handshake;

import dev.hawser.api.HandshakeRejection;
import dev.hawser.protocol.FieldReader;
import dev.hawser.protocol.HandshakeKey;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;

/**
 * Checks a client's opening handshake by RFC 6455 section 4.2.1, and over HTTP/2 by RFC 8441 section 5.
 *
 * @param version of HTTP, as servlets call it: {@code HTTP/1.1}
 */
record HandshakeRules(String method, String version, HttpHeaders headers) {
	private static final String KEY = "Sec-WebSocket-Key";
	private static final String VERSION = "Sec-WebSocket-Version";
	private static final Predicate<String> ZERO = Pattern.compile("0+").asMatchPredicate();

	/** The rules for a request. A request that bypasses the servlet container is always an HTTP/1.1 upgrade. */
	static HandshakeRules of(ServerHttpRequest request, HttpHeaders headers) {
		return new HandshakeRules(request.getMethod().name(),
				request instanceof ServletServerHttpRequest servlet ? servlet.getServletRequest().getProtocol() : "HTTP/1.1", headers);
	}

	/** The refusal by the first rule that the request breaks; null when it breaks none. */
	@Nullable
	HandshakeRejection check(boolean readableQuery, OfferedSubprotocols offered) {
		if (isHttp2()) {
			// RFC 8441 section 4: a CONNECT; requests with another :protocol than websocket have been refused before
			return method.equals("CONNECT") ? checkFields(readableQuery, offered) : HandshakeRejection.malformed(405, "no-upgrade",
					"This path speaks WebSocket only: over HTTP/2, send CONNECT with ':protocol: websocket'.", Map.of("Allow", "CONNECT"));
		}
		// 4.2.1 item 1: "An HTTP/1.1 or higher GET request"
		if (!method.equals("GET")) {
			return HandshakeRejection.malformed(405, "method", "A WebSocket handshake is a GET request.", Map.of("Allow", "GET"));
		}
		// RFC 9110 section 7.8: "A server MUST ignore an Upgrade header field that is received in an HTTP/1.0 request"
		if (version.equals("HTTP/1.0") || version.equals("HTTP/0.9")) {
			return upgradeRequired("http-version", "A WebSocket handshake needs HTTP/1.1.");
		}
		// 4.2.1 item 3: "An |Upgrade| header field containing the value "websocket", treated as an ASCII case-insensitive value"
		if (!lists(headers, "Upgrade", "websocket")) {
			return upgradeRequired("no-upgrade", "This path speaks WebSocket only: send 'Upgrade: websocket'.");
		}
		// 4.2.1 item 4: "A |Connection| header field that includes the token "Upgrade""
		if (!lists(headers, "Connection", "upgrade")) {
			return bad("connection", "The Connection header must list 'Upgrade'.");
		}
		return checkFields(readableQuery, offered);
	}

	private boolean isHttp2() {
		return version.equals("HTTP/2.0");
	}

	/** The rules for both HTTP/1.1 and HTTP/2. */
	private @Nullable HandshakeRejection checkFields(boolean readableQuery, OfferedSubprotocols offered) {
		// RFC 9112 section 6: a body here would be read as frames
		List<String> lengths = headers.getOrEmpty("Content-Length");
		if (headers.containsHeader("Transfer-Encoding") || (!lengths.isEmpty() && !lengths.stream().allMatch(ZERO))) {
			return bad("body", "A WebSocket handshake has no body.");
		}
		// RFC 3986 section 2.1
		if (!readableQuery) {
			return bad("query", "A percent sign in the query must be followed by two hexadecimal digits.");
		}
		HandshakeRejection rejection = checkVersion();
		if (rejection != null) {
			return rejection;
		}
		// 4.2.1 item 5: "A |Sec-WebSocket-Key| header field with a base64-encoded value that, when decoded, is 16 bytes"
		// RFC 8441 section 5: it is "not used" over HTTP/2
		if (!isHttp2() && !hasValidKey(headers)) {
			return bad("bad-key", "Sec-WebSocket-Key must be there once, the base64 form of 16 bytes.");
		}
		return checkSubprotocols(offered);
	}

	private static @Nullable HandshakeRejection checkSubprotocols(OfferedSubprotocols offered) {
		// 4.1 item 10: "The elements that comprise this value MUST be non-empty strings with characters in the range [of a token]"
		return switch (offered.form()) {
			case WELL_FORMED -> null;
			case MALFORMED -> bad("subprotocol", "Sec-WebSocket-Protocol must be a list of tokens.");
			case TOO_LONG -> HandshakeRejection.malformed(431, "subprotocol-length",
					"Sec-WebSocket-Protocol is longer than hawser.handshake.subprotocol-length allows.", Map.of());
		};
	}

	private @Nullable HandshakeRejection checkVersion() {
		List<String> versions = headers.getOrEmpty(VERSION);
		if (versions.size() > 1) {
			return bad("version", "Sec-WebSocket-Version must be there once.");
		}
		if (versions.equals(List.of("13"))) {
			return null;
		}
		String detail = "Only version 13 of the WebSocket protocol (RFC 6455) is spoken here.";
		// 4.2.2 item 4: "(such as 426 Upgrade Required) and a |Sec-WebSocket-Version| header field indicating the version(s)"
		return isHttp2() ? HandshakeRejection.malformed(400, "version", detail, Map.of(VERSION, "13"))
				: HandshakeRejection.malformed(426, "version", detail,
						Map.of(VERSION, "13", "Upgrade", "websocket", "Connection", "Upgrade"));
	}

	static boolean hasValidKey(HttpHeaders headers) {
		List<String> keys = headers.getOrEmpty(KEY);
		return keys.size() == 1 && HandshakeKey.isValid(keys.getFirst());
	}

	private static boolean lists(HttpHeaders headers, String name, String token) {
		for (String line : headers.getOrEmpty(name)) {
			if (line.equalsIgnoreCase(token)) {
				return true;
			}
			for (String element : FieldReader.split(line, ',')) {
				if (element.strip().equalsIgnoreCase(token)) {
					return true;
				}
			}
		}
		return false;
	}

	private static HandshakeRejection bad(String reason, String detail) {
		return HandshakeRejection.malformed(400, reason, detail, Map.of());
	}

	/** RFC 9110 section 15.5.22: a 426 must say in its Upgrade header what to upgrade to. */
	private static HandshakeRejection upgradeRequired(String reason, String detail) {
		return HandshakeRejection.malformed(426, reason, detail, Map.of("Upgrade", "websocket", "Connection", "Upgrade"));
	}
}
