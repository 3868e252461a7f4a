package dev.hawser.connection;

import org.jspecify.annotations.Nullable;

/**
 * From which node the messages come that the calling thread delivers. A connection that moves to another node needs to know it, since each
 * node tells by itself from which of its messages on the other one gets them. Messages for one connection of this node that nothing passes
 * on have no source.
 */
public final class SourceNode {
	private static final ThreadText CURRENT = new ThreadText();

	private SourceNode() {
	}

	/** What the calling thread delivers from now on comes from this node; null for none. Returns the node before, to be set again. */
	public static @Nullable String set(@Nullable String node) {
		return CURRENT.set(node);
	}

	static @Nullable String current() {
		return CURRENT.get();
	}
}
