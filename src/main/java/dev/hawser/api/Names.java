package dev.hawser.api;

import org.jspecify.annotations.Nullable;

/**
 * The rule for the names of users and groups. It holds wherever one is given: in a token, in a webhook's answer, in the push API, by a
 * client with a subprotocol, and in Java. So every name that there is can be one segment of a path of the push API, a value in JSON, and
 * a header of a webhook. A name has 1 to {@value #LONGEST} characters that are not all spaces, no control character, and no half of a
 * surrogate pair, and is neither {@code .} nor {@code ..}.
 */
public final class Names {
	/** Most characters of a name, as {@link String#length()} counts them. */
	public static final int LONGEST = WebSocketServer.MAX_GROUP_NAME;

	private Names() {
	}

	/**
	 * What is wrong with a name: the end of a sentence that begins with what it names, such as {@code has a control character.} Has nothing
	 * of the name itself. Null when nothing is wrong.
	 */
	public static @Nullable String objection(String name) {
		if (name.isEmpty() || name.length() > LONGEST) {
			return "must have 1 to " + LONGEST + " characters; this one has " + name.length() + '.';
		}
		if (name.isBlank()) {
			return "must not be only spaces.";
		}
		if (name.equals(".") || name.equals("..")) {
			return "must be neither '.' nor '..', which no URL can name.";
		}
		return isPlain(name) ? null : "must have no control character and no half of a surrogate pair.";
	}

	/** Whether a text has no control character, and can be written in UTF-8: no half of a surrogate pair is in it. */
	public static boolean isPlain(String text) {
		return isWhole(text) && text.chars().noneMatch(Character::isISOControl);
	}

	/** Whether a text can be written in UTF-8: no half of a surrogate pair is in it. */
	public static boolean isWhole(String text) {
		return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
	}

	/** @throws IllegalArgumentException for a name that no user can have */
	public static void requireUser(String name) {
		require("A user's name ", objection(name));
	}

	/** @throws IllegalArgumentException for a name that no group can have */
	public static void requireGroup(String name) {
		require("A group's name ", objection(name));
	}

	/** @throws IllegalArgumentException for a name that no role can have: one that is empty, or not {@link #isPlain plain} */
	public static void requireRole(String name) {
		require("A role ",
				!name.isEmpty() && isPlain(name) ? null : "must have a name, with no control character and no half of a surrogate pair.");
	}

	private static void require(String what, @Nullable String objection) {
		if (objection != null) {
			throw new IllegalArgumentException(what + objection);
		}
	}
}
