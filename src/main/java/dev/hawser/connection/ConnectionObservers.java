package dev.hawser.connection;

/** Says who is told what connections do. Declared as a bean; without one nobody is. */
public interface ConnectionObservers {
	/** Makes the observer of a hub's connections. */
	ConnectionObserver ofHub(String hub);

	/** Makes the observer of pushes to connections that there are not, whose hub is not known. */
	ConnectionObserver ofNoHub();
}
