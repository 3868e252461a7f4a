package dev.hawser.handshake;

/** Says who is told how handshakes end. Declared as a bean; without one nobody is. */
public interface HandshakeObservers {
	/** Makes the observer of a hub's handshakes. */
	HandshakeObserver ofHub(String hub);

	/** Makes the observer of requests that are refused before it is known for which hub they are. */
	HandshakeObserver ofNoHub();
}
