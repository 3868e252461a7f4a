package dev.hawser.http.proxy;

import dev.hawser.protocol.FieldReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the Forwarded header (RFC 7239 section 4) strictly: a part that a client has left unfinished, an open quote for instance,
 * must not swallow the elements that a proxy has appended.
 */
final class ForwardedElements {
	/** Characters of addresses, accepted outside quotes: many proxies leave out the quotes that section 6 requires. */
	private static final String UNQUOTED = ":[]";

	private final FieldReader reader;
	private final List<Map<String, String>> elements = new ArrayList<>();

	private ForwardedElements(String text) {
		this.reader = new FieldReader(text);
	}

	/**
	 * The parameters of each element, by name in lower case, in the order of the header.
	 *
	 * @throws IllegalArgumentException when the header breaks the grammar, or an element names a parameter twice
	 */
	static List<Map<String, String>> parse(String value) {
		ForwardedElements parser = new ForwardedElements(value);
		do {
			parser.element();
		}
		while (parser.reader.skip(','));
		if (!parser.reader.atEnd()) {
			throw new IllegalArgumentException("A comma or the end is missing");
		}
		return parser.elements;
	}

	/** forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ) */
	private void element() {
		Map<String, String> pairs = new HashMap<>();
		do {
			reader.skipBlanks();
			String name = reader.token(UNQUOTED);
			if (!name.isEmpty()) {
				pair(name.toLowerCase(Locale.ROOT), pairs);
			}
			reader.skipBlanks();
		}
		while (reader.skip(';'));
		if (!pairs.isEmpty()) {
			elements.add(pairs);
		}
	}

	/** forwarded-pair = token "=" value */
	private void pair(String name, Map<String, String> pairs) {
		if (!reader.skip('=') || pairs.putIfAbsent(name, value()) != null) {
			throw new IllegalArgumentException("No value, or a second one");
		}
	}

	private String value() {
		if (reader.skip('"')) {
			return reader.quoted();
		}
		String token = reader.token(UNQUOTED);
		if (token.isEmpty()) {
			throw new IllegalArgumentException("A token is missing");
		}
		return token;
	}
}
