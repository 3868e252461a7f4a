package dev.hawser.connection;

import dev.hawser.api.SendResult;

/** Makes what is told of connections. Any number of rooms may declare one as a bean; without one nothing is told. */
public interface ConnectionObservers {
	/** Makes the observer of a hub's connections. */
	ConnectionObserver ofHub(String hub);

	/** A push was for a connection that there is not, whose hub is not known; this was its result. */
	default void pushedInVain(SendResult result) {
	}
}
