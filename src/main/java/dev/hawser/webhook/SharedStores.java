package dev.hawser.webhook;

/** Keeps what is owed to backends, and dead letters, where all nodes find it, so that the others deliver what a dead node has left. */
public interface SharedStores {
	/**
	 * The store of this node's entries.
	 *
	 * @param local keeps what cannot be shared at the moment; it is closed with the returned store
	 */
	EventStore events(EventStore local);

	/** The dead letters of all nodes. */
	SharedLetters letters();
}
