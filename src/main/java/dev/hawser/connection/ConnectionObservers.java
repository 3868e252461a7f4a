package dev.hawser.connection;

import dev.hawser.api.SendResult;

/** Makes the observers of connections. Any number of rooms may declare one as a bean; without one no observer is told. */
public interface ConnectionObservers {
	/** Makes the observer of a hub's connections. */
	ConnectionObserver ofHub(String hub);

	/** A push to a connection that does not exist had this result; its hub is not known. */
	default void pushedInVain(SendResult result) {
	}
}
