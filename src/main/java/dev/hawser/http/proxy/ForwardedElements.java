package dev.hawser.http.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the Forwarded header (RFC 7239 section 4) strictly: what a client has left open at its end, a quote for instance,
 * must not swallow what a proxy has written behind it.
 */
final class ForwardedElements {
	private final String text;
	private final List<Map<String, String>> elements = new ArrayList<>();
	private int at;

	private ForwardedElements(String text) {
		this.text = text;
	}

	/**
	 * The parameters of each element, by name in lower case, in the order of the header.
	 *
	 * @throws IllegalArgumentException when it breaks the grammar, or an element names a parameter twice
	 */
	static List<Map<String, String>> parse(String value) {
		ForwardedElements parser = new ForwardedElements(value);
		do {
			parser.element();
		}
		while (parser.skip(','));
		if (parser.at < value.length()) {
			throw new IllegalArgumentException("A comma or the end is missing");
		}
		return parser.elements;
	}

	/** forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ) */
	private void element() {
		Map<String, String> pairs = new HashMap<>();
		do {
			space();
			if (at < text.length() && isTokenChar(text.charAt(at))) {
				pair(pairs);
			}
			space();
		}
		while (skip(';'));
		if (!pairs.isEmpty()) {
			elements.add(pairs);
		}
	}

	/** forwarded-pair = token "=" value */
	private void pair(Map<String, String> pairs) {
		String name = token().toLowerCase(Locale.ROOT);
		if (!skip('=') || pairs.putIfAbsent(name, skip('"') ? quoted() : token()) != null) {
			throw new IllegalArgumentException("No value, or a second one");
		}
	}

	private String token() {
		int start = at;
		while (at < text.length() && isTokenChar(text.charAt(at))) {
			at++;
		}
		if (at == start) {
			throw new IllegalArgumentException("A token is missing");
		}
		return text.substring(start, at);
	}

	private String quoted() {
		StringBuilder unquoted = new StringBuilder();
		while (!skip('"')) {
			skip('\\');
			if (at == text.length()) {
				throw new IllegalArgumentException("A quote is not closed");
			}
			unquoted.append(text.charAt(at++));
		}
		return unquoted.toString();
	}

	private boolean skip(char c) {
		boolean found = at < text.length() && text.charAt(at) == c;
		if (found) {
			at++;
		}
		return found;
	}

	private void space() {
		while (skip(' ') || skip('\t')) {
			continue;
		}
	}

	/** Of a token, and of the addresses that many proxies write without the quotes that section 6 asks for. */
	private static boolean isTokenChar(char c) {
		return c > ' ' && c < 0x7F && "\"(),/;<=>?@\\{}".indexOf(c) < 0;
	}
}
