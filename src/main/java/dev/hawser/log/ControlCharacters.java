package dev.hawser.log;

import java.util.HexFormat;

/**
 * Shows characters as text that would otherwise change how a terminal or a program reads the log: control characters of 7 and 8 bits,
 * separators of lines and paragraphs, and characters that reverse the direction of text.
 */
public final class ControlCharacters {
	private ControlCharacters() {
	}

	/** The text with a sequence such as {@code \n} or <code>&#92;u009b</code> for each such character; the same object if there is none. */
	public static String escape(String text) {
		return escape(text, "");
	}

	/** @param kept characters that stay as they are */
	static String escape(String text, String kept) {
		int first = 0;
		while (first < text.length() && !mustBeEscaped(text.charAt(first), kept)) {
			first++;
		}
		return first == text.length() ? text : escape(text, kept, first);
	}

	private static String escape(String text, String kept, int from) {
		StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, from);
		for (int i = from; i < text.length(); i++) {
			char character = text.charAt(i);
			if (mustBeEscaped(character, kept)) {
				append(escaped, character);
			}
			else {
				escaped.append(character);
			}
		}
		return escaped.toString();
	}

	private static void append(StringBuilder escaped, char character) {
		switch (character) {
			case '\n' -> escaped.append("\\n");
			case '\r' -> escaped.append("\\r");
			case '\t' -> escaped.append("\\t");
			default -> escaped.append("\\u").append(HexFormat.of().toHexDigits(character));
		}
	}

	private static boolean mustBeEscaped(char character, String kept) {
		return (Character.isISOControl(character) || isSeparator(character) || turnsText(character)) && kept.indexOf(character) < 0;
	}

	private static boolean isSeparator(char character) {
		return character == '\u2028' || character == '\u2029';
	}

	/** Unicode's explicit directional embeddings, overrides and isolates. */
	private static boolean turnsText(char character) {
		return (character >= '\u202a' && character <= '\u202e') || (character >= '\u2066' && character <= '\u2069');
	}
}
