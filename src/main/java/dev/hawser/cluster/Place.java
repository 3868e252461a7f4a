package dev.hawser.cluster;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A user, a group or a client address of a hub, for which Redis keeps which nodes have connections; or a connection that has moved, for which it
 * keeps where it is.
 *
 * @param hub empty for a connection
 */
record Place(Kind kind, String hub, String name) {

	/** What a place is, with the letter in the names of its keys. */
	enum Kind {
		USER("u"),
		GROUP("g"),
		/** A client address, by {@link dev.hawser.connection.limit.ClientAddress#name}, of a hub that limits its connections. */
		ADDRESS("a"),
		CONNECTION("i");

		private final String key;

		Kind(String key) {
			this.key = key;
		}

		String key() {
			return key;
		}

		/** A pattern of Redis for the keys of all kinds. */
		static String anyKey() {
			return Arrays.stream(values()).map(Kind::key).collect(Collectors.joining("", "[", "]"));
		}
	}

	static Place ofConnection(String connectionId) {
		return new Place(Kind.CONNECTION, "", connectionId);
	}

	String owner() {
		return hub + '/' + name;
	}
}
