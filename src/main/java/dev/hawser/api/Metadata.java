package dev.hawser.api;

import java.util.Map;

/** The rules for metadata, which are those of Azure Web PubSub, so that each entry can be a header of HTTP. */
final class Metadata {
	private static final int LONGEST_NAME = 256;
	private static final int LONGEST_VALUE = 1024;
	private static final int LARGEST = 8 * 1024;
	/** Each becomes a header with a name of its own, which is longer than a short entry. */
	private static final int MOST = 64;
	private static final String MARKS_IN_NAMES = "!#$%&'*+-.^_`|~";

	private Metadata() {
	}

	/** @throws IllegalArgumentException when an entry breaks a rule; the message has nothing of it */
	static void require(Map<String, String> metadata) {
		require(metadata.size() <= MOST, "Metadata has at most " + MOST + " entries.");
		int size = 0;
		for (Map.Entry<String, String> entry : metadata.entrySet()) {
			String name = entry.getKey();
			String value = entry.getValue();
			size += name.length() + value.length();
			require(!name.isEmpty() && name.length() <= LONGEST_NAME && name.chars().allMatch(Metadata::isInNames),
					"A name in metadata has 1 to " + LONGEST_NAME + " characters, each of them one that HTTP allows in names of headers.");
			require(value.length() <= LONGEST_VALUE && value.chars().allMatch(c -> c >= ' ' && c < 0x7F),
					"A value in metadata has at most " + LONGEST_VALUE + " characters, all of them printable ASCII.");
		}
		require(size <= LARGEST, "Metadata has at most " + LARGEST + " characters in all.");
	}

	/** RFC 9110 section 5.6.2: a token. */
	private static boolean isInNames(int c) {
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || MARKS_IN_NAMES.indexOf(c) >= 0;
	}

	private static void require(boolean kept, String rule) {
		if (!kept) {
			throw new IllegalArgumentException(rule);
		}
	}
}
