package dev.hawser.handshake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.StringUtils;

/** The cookies of a request (RFC 6265 section 5.4), read leniently. */
final class RequestCookies {
	private RequestCookies() {
	}

	/**
	 * The cookies by name, from all lines of {@code Cookie}; of two cookies with the same name the first, which has the longer
	 * path.
	 */
	static Map<String, String> of(List<String> lines) {
		Map<String, String> cookies = new LinkedHashMap<>();
		for (String line : lines) {
			for (String pair : StringUtils.tokenizeToStringArray(line, ";")) {
				int equals = pair.indexOf('=');
				if (equals > 0) {
					cookies.putIfAbsent(pair.substring(0, equals).strip(), unquote(pair.substring(equals + 1).strip()));
				}
			}
		}
		return cookies;
	}

	private static String unquote(String value) {
		return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"") ? value.substring(1, value.length() - 1) : value;
	}
}
