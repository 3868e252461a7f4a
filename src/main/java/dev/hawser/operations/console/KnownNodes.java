package dev.hawser.operations.console;

import java.util.List;

/** The nodes of the cluster. Any thread may ask. */
@FunctionalInterface
public interface KnownNodes {
	/**
	 * A node as this one knows it.
	 *
	 * @param state  {@code up} or {@code draining}
	 * @param silent milliseconds since the node was last heard of
	 */
	record Node(String name, String state, long connections, long silent) {
	}

	/** All that take part, this one included; empty when this node is alone. */
	List<Node> all();
}
