package dev.hawser.push.filter;

/** The words of a filter, one after the other. */
final class Tokens {
	enum Kind {
		/** A variable, a function, an operator or a literal such as {@code null}. */
		NAME,
		TEXT,
		INTEGER,
		OPEN,
		CLOSE,
		COMMA,
		END
	}

	private final String filter;
	private int next;
	private Kind kind = Kind.END;
	private int start;
	private String value = "";

	Tokens(String filter) {
		this.filter = filter;
		advance();
	}

	Kind kind() {
		return kind;
	}

	/** Index of the current word's first character. */
	int position() {
		return start;
	}

	/** The name, the digits of an integer, or a text without its quotes. */
	String value() {
		return value;
	}

	boolean is(String name) {
		return kind == Kind.NAME && value.equals(name);
	}

	void advance() {
		while (next < filter.length() && isSpace(filter.charAt(next))) {
			next++;
		}
		start = next;
		value = "";
		if (next == filter.length()) {
			kind = Kind.END;
			return;
		}
		char first = filter.charAt(next);
		switch (first) {
			case '(' -> single(Kind.OPEN);
			case ')' -> single(Kind.CLOSE);
			case ',' -> single(Kind.COMMA);
			case '\'' -> text();
			default -> word(first);
		}
	}

	private void single(Kind found) {
		kind = found;
		next++;
	}

	private void text() {
		StringBuilder text = new StringBuilder();
		for (int at = start + 1; at < filter.length(); at++) {
			char c = filter.charAt(at);
			if (c == '\'') {
				if (at + 1 == filter.length() || filter.charAt(at + 1) != '\'') {
					kind = Kind.TEXT;
					value = text.toString();
					next = at + 1;
					return;
				}
				at++;
			}
			text.append(c);
		}
		throw new InvalidFilterException(start, "this text has no end. End it with ', and write '' for a ' within it.");
	}

	private void word(char first) {
		boolean number = first == '-' || isDigit(first);
		if (!number && !isLetter(first)) {
			throw new InvalidFilterException(start, "a filter has no such character outside of a text in quotes.");
		}
		next++;
		while (next < filter.length() && (isDigit(filter.charAt(next)) || (!number && isLetter(filter.charAt(next))))) {
			next++;
		}
		kind = number ? Kind.INTEGER : Kind.NAME;
		value = filter.substring(start, next);
	}

	private static boolean isSpace(char c) {
		return c == ' ' || c == '\t' || c == '\n' || c == '\r';
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	}
}
