package dev.hawser.handshake;

/** Is told how handshakes end, to count it. Called on the threads that handle them; must be quick and must not throw. */
public interface HandshakeObserver {
	/** Sees nothing. */
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

	/** The 101 is out. */
	void accepted();

	/** Turned away by the built-in checks; {@code reason} is one of a small fixed set. */
	void rejected(String reason);

	/** Turned away by an {@code OnHandShake} callback. */
	void rejectedByCallback();

	/** A fault on this side: 5xx. */
	void failed();
}
