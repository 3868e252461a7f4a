package dev.hawser.handshake;

/** Makes the observers of handshakes. Declared as a bean; without such a bean no observer is told. */
public interface HandshakeObservers {
	/** Makes the observer of a hub's handshakes. */
	HandshakeObserver ofHub(String hub);

	/** Makes the observer of requests that are refused before their hub is known. */
	HandshakeObserver ofNoHub();
}
