package dev.hawser.push.filter;

import org.jspecify.annotations.Nullable;

/** A connection, as a filter sees it. Its methods should make no objects, since a filter may be put to every connection of a hub. */
public interface Candidate {
	/** The connection's user; null for none. */
	@Nullable
	String userId();

	/** The connection's name in the whole cluster. May make a string: {@link #isConnection} compares without one. */
	String connectionId();

	/** Whether this is the connection's name. */
	boolean isConnection(String connectionId);

	/** The agreed subprotocol; null for none. */
	@Nullable
	String protocol();

	/** Whether the connection is in the group. */
	boolean isIn(String group);

	/** The number of groups that the connection is in. */
	int groups();
}
