package dev.hawser.handshake;

import java.util.List;

/** Told how each handshake ends, for counters. Called on the threads that handle handshakes; must be quick and must not throw. */
public interface HandshakeObserver {
	/** Does nothing. */
	HandshakeObserver NONE = new HandshakeObserver() {
		@Override
		public void accepted() {
		}

		@Override
		public void rejected(String reason) {
		}

		@Override
		public void rejectedByCallback() {
		}

		@Override
		public void failed() {
		}
	};

	/** The 101 was sent. */
	void accepted();

	/** The built-in checks refused the handshake; {@code reason} is one of a small fixed set. */
	void rejected(String reason);

	/** An {@code OnHandShake} callback refused the handshake. */
	void rejectedByCallback();

	/** The server failed: 5xx. */
	void failed();

	/** Makes the observers of handshakes. Any number of rooms may declare one as a bean; without one no observer is told. */
	interface Factory {
		/** Makes observers that tell all of these, in their order. */
		static Factory of(List<Factory> factories) {
			return new Factory() {
				@Override
				public HandshakeObserver ofHub(String hub) {
					return EachHandshakeObserver.of(factories.stream().map(each -> each.ofHub(hub)).toList());
				}

				@Override
				public HandshakeObserver ofNoHub() {
					return EachHandshakeObserver.of(factories.stream().map(Factory::ofNoHub).toList());
				}
			};
		}

		/** Makes the observer of a hub's handshakes. */
		HandshakeObserver ofHub(String hub);

		/** Makes the observer of requests that are refused before their hub is known. */
		HandshakeObserver ofNoHub();
	}
}
