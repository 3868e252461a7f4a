package dev.hawser.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What a node writes of itself once a second, {@code counter|version|state|connections|registered}, or what others write in its place:
 * {@code dead|by|at}. More fields may follow, which are of no use to this version.
 *
 * @param counter     rises with each beat before which the node has heard itself
 * @param version     of what the node writes
 * @param state       such as {@code up} or {@code draining}
 * @param connections open on the node
 * @param registered  the epoch of Redis in which the node has written all its users and groups; empty while it has not; null when the node
 *                    does not say
 */
record NodeRecord(long counter, int version, String state, long connections, @Nullable String registered) {
	private static final String DEAD = "dead|";

	String text() {
		return counter + "|" + version + "|" + state + "|" + connections + (registered == null ? "" : '|' + registered);
	}

	static boolean isTombstone(String text) {
		return text.startsWith(DEAD);
	}

	static String tombstone(String by, String at) {
		return DEAD + by + '|' + at;
	}

	/** The node that has buried another. */
	static String burier(String tombstone) {
		String[] fields = tombstone.split("\\|", -1);
		return fields.length > 1 ? fields[1] : "";
	}

	/** Null for a tombstone, and for what is no record. */
	static @Nullable NodeRecord of(String text) {
		String[] fields = text.split("\\|", -1);
		if (isTombstone(text) || fields.length < 4) {
			return null;
		}
		try {
			return new NodeRecord(Long.parseLong(fields[0]), Integer.parseInt(fields[1]), fields[2], Long.parseLong(fields[3]),
					fields.length > 4 ? fields[4] : null);
		}
		catch (NumberFormatException e) {
			return null;
		}
	}
}
