package dev.hawser.protocol;

import java.util.ArrayList;
import java.util.List;

/** Reads the value of an HTTP header field from left to right, by the grammar that most fields share (RFC 9110 section 5.6). */
public final class FieldReader {
	private final String text;
	private int at;

	public FieldReader(String text) {
		this.text = text;
	}

	/**
	 * Splits a list (section 5.6.1) or a list of parameters (section 5.6.6): a separator within a quoted string does not split. A
	 * quoted string that does not end reaches to the end of the text.
	 *
	 * @return the parts in order, including empty ones, with the whitespace around them
	 */
	public static List<String> split(String text, char separator) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"') {
				quoted = !quoted;
			}
			else if (c == '\\' && quoted) {
				i++; // section 5.6.4: the next character is escaped
			}
			else if (c == separator && !quoted) {
				parts.add(text.substring(start, i));
				start = i + 1;
			}
		}
		parts.add(text.substring(start));
		return parts;
	}

	/** Section 5.6.2: visible ASCII without delimiters. */
	public static boolean isTokenChar(int c) {
		return c > ' ' && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
	}

	public boolean atEnd() {
		return at == text.length();
	}

	/** Skips the character and returns true, if it comes next. */
	public boolean skip(char c) {
		boolean found = at < text.length() && text.charAt(at) == c;
		if (found) {
			at++;
		}
		return found;
	}

	/** Skips spaces and tabs (section 5.6.3). */
	public void skipBlanks() {
		while (skip(' ') || skip('\t')) {
			// all of them
		}
	}

	/**
	 * Reads the token that comes next, if there is one.
	 *
	 * @param others characters that count as part of the token, besides those of the grammar
	 * @return the token; empty when none comes next
	 */
	public String token(String others) {
		int start = at;
		while (at < text.length() && (isTokenChar(text.charAt(at)) || others.indexOf(text.charAt(at)) >= 0)) {
			at++;
		}
		return text.substring(start, at);
	}

	/**
	 * Reads a quoted string (section 5.6.4) after its opening quote, and skips its closing quote.
	 *
	 * @return the text without quotes and escapes
	 * @throws IllegalArgumentException when the closing quote is missing
	 */
	public String quoted() {
		StringBuilder unquoted = new StringBuilder();
		while (!skip('"')) {
			skip('\\');
			if (atEnd()) {
				throw new IllegalArgumentException("A quote is not closed");
			}
			unquoted.append(text.charAt(at++));
		}
		return unquoted.toString();
	}
}
