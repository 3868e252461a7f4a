package dev.hawser.handshake;

import java.util.List;

/** Tells several observers. */
record EachHandshakeObserver(List<HandshakeObserver> observers) implements HandshakeObserver {

	/** A single observer is returned itself. */
	static HandshakeObserver of(List<HandshakeObserver> observers) {
		return switch (observers.size()) {
			case 0 -> NONE;
			case 1 -> observers.getFirst();
			default -> new EachHandshakeObserver(observers);
		};
	}

	@Override
	public void accepted() {
		observers.forEach(HandshakeObserver::accepted);
	}

	@Override
	public void rejected(String reason) {
		observers.forEach(each -> each.rejected(reason));
	}

	@Override
	public void rejectedByCallback() {
		observers.forEach(HandshakeObserver::rejectedByCallback);
	}

	@Override
	public void failed() {
		observers.forEach(HandshakeObserver::failed);
	}
}
