package dev.hawser.connection;

import org.jspecify.annotations.Nullable;

/**
 * The name of the message that the calling thread delivers, if its sender may send it again. A connection that moves from node to node knows
 * the names of those that it has, so that it gets none a second time from a node that has not sent it before.
 */
public final class MessageName {
	private static final ThreadText CURRENT = new ThreadText();

	private MessageName() {
	}

	/** What the calling thread delivers from now on has this name; null for none. Returns the name before, to be set again. */
	public static @Nullable String set(@Nullable String name) {
		return CURRENT.set(name);
	}

	static @Nullable String current() {
		return CURRENT.get();
	}
}
