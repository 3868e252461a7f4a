package dev.hawser.connection;

/**
 * Told when the number of connections that a user, or a group, has on this node may have changed. Called after the change, on the thread
 * that made it, possibly under locks: must only take note.
 */
public interface MembershipListener {

	/** The connection with this number is about to count among those that are open. */
	default void opening(long fd) {
	}

	void userChanged(String hub, String userId);

	void groupChanged(String hub, String group);

	/** As above, for a connection that began on another node. */
	default void connectionChanged(String connectionId) {
	}
}
