package dev.hawser.api;

/**
 * A pattern of names of groups, as roles of Azure Web PubSub have them: {@code ?} is one character other than a dot, {@code *} any
 * number of them, {@code **} any number of any characters. After a backslash these characters, and the backslash, stand for
 * themselves. Upper and lower case differ. A pattern that cannot be read matches nothing.
 */
final class GroupPattern {
	/** Pattern for all groups. */
	static final String ALL = "**";
	private static final int LONGEST = 1024;
	private static final String SPECIAL = "*?\\";

	private GroupPattern() {
	}

	/**
	 * Whether the name matches. Takes time that grows with the product of the two lengths, whatever they contain: all places in the
	 * pattern that can be reached are followed at the same time.
	 */
	static boolean matches(String pattern, String name) {
		if (pattern.isEmpty() || pattern.length() > LONGEST || !isReadable(pattern)) {
			return false;
		}
		boolean[] reached = new boolean[pattern.length() + 1];
		reach(reached, 0, pattern);
		for (int i = 0; i < name.length(); i++) {
			boolean[] next = new boolean[reached.length];
			for (int at = 0; at < pattern.length(); at++) {
				if (reached[at]) {
					step(next, at, pattern, name.charAt(i));
				}
			}
			reached = next;
		}
		return reached[pattern.length()];
	}

	private static boolean isReadable(String pattern) {
		for (int at = 0; at < pattern.length(); at++) {
			if (pattern.charAt(at) == '\\' && (++at == pattern.length() || SPECIAL.indexOf(pattern.charAt(at)) < 0)) {
				return false;
			}
		}
		return true;
	}

	/** Marks the place, and those behind stars that stand there, since a star may be for nothing. */
	private static void reach(boolean[] reached, int at, String pattern) {
		reached[at] = true;
		if (at < pattern.length() && pattern.charAt(at) == '*') {
			reach(reached, afterStars(at, pattern), pattern);
		}
	}

	private static int afterStars(int at, String pattern) {
		int after = at;
		while (after < pattern.length() && pattern.charAt(after) == '*') {
			after++;
		}
		return after;
	}

	/** Marks the places that are reached from this one by a character. */
	private static void step(boolean[] next, int at, String pattern, char c) {
		switch (pattern.charAt(at)) {
			case '*' -> {
				if (c != '.' || afterStars(at, pattern) - at > 1) {
					reach(next, at, pattern);
				}
			}
			case '?' -> {
				if (c != '.') {
					reach(next, at + 1, pattern);
				}
			}
			case '\\' -> {
				if (c == pattern.charAt(at + 1)) {
					reach(next, at + 2, pattern);
				}
			}
			default -> {
				if (c == pattern.charAt(at)) {
					reach(next, at + 1, pattern);
				}
			}
		}
	}
}
