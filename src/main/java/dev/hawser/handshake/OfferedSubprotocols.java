package dev.hawser.handshake;

import dev.hawser.protocol.FieldReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * The client's {@code Sec-WebSocket-Protocol} (RFC 6455 section 4.1, item 10). Browsers cannot set headers, so it may contain the
 * pair {@code bearer, <token>}. This pair is a token and not a subprotocol, and is never echoed.
 *
 * @param names       the subprotocols, in the client's order
 * @param bearerToken the token after {@code bearer}; null when there is none
 * @param form        whether the header could be read
 */
record OfferedSubprotocols(List<String> names, @Nullable String bearerToken, Form form) {
	private static final String HEADER = "Sec-WebSocket-Protocol";
	private static final String BEARER = "bearer";
	private static final OfferedSubprotocols NONE = new OfferedSubprotocols(List.of(), null, Form.WELL_FORMED);

	enum Form {
		WELL_FORMED,
		/** An element is not an HTTP token. */
		MALFORMED,
		/** Too long, and not read at all. */
		TOO_LONG
	}

	/** @param longest most bytes of all lines of the header together */
	static OfferedSubprotocols of(HttpHeaders headers, long longest) {
		List<String> lines = headers.getOrEmpty(HEADER);
		if (lines.isEmpty()) {
			return NONE;
		}
		long length = 0;
		for (String line : lines) {
			length += line.length();
		}
		return length > longest ? new OfferedSubprotocols(List.of(), null, Form.TOO_LONG) : parse(lines);
	}

	private static OfferedSubprotocols parse(List<String> lines) {
		List<String> names = new ArrayList<>();
		String token = null;
		boolean wellFormed = true;
		boolean afterBearer = false;
		for (String line : lines) {
			for (String element : StringUtils.tokenizeToStringArray(line, ",")) {
				wellFormed &= element.chars().allMatch(FieldReader::isTokenChar);
				if (afterBearer) {
					token = element;
				}
				else if (!element.equalsIgnoreCase(BEARER)) {
					names.add(element);
				}
				afterBearer = !afterBearer && element.equalsIgnoreCase(BEARER);
			}
		}
		return new OfferedSubprotocols(List.copyOf(names), token, wellFormed ? Form.WELL_FORMED : Form.MALFORMED);
	}
}
