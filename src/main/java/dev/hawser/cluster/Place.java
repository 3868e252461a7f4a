package dev.hawser.cluster;

/** A user or a group of a hub, for which Redis keeps which nodes have connections. */
record Place(Kind kind, String hub, String name) {

	/** What a place is, with the letter in the names of its keys. */
	enum Kind {
		USER("u"),
		GROUP("g");

		private final String key;

		Kind(String key) {
			this.key = key;
		}

		String key() {
			return key;
		}
	}

	String owner() {
		return hub + '/' + name;
	}
}
