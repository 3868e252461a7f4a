package dev.hawser.webhook;

import java.util.function.UnaryOperator;

/**
 * What becomes of events that have to be delivered at least once and that a backend has not taken.
 *
 * @param store      keeps them, so that they outlive this process
 * @param redelivery delivers them later
 * @param dead       has those that are not tried any more
 */
record Undelivered(EventStore store, Redelivery redelivery, Letters dead) implements AutoCloseable {

	/** Delivers an event of a connection, after those before it; later and in the background, if no backend takes it now. */
	void tell(ConnectionEvents events, String name, byte[] body) {
		try {
			events.add(name, body);
			deliver(events);
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * As {@link #tell}, all in the background; later events of the connection come after it.
	 *
	 * @param inTrace makes work of this thread into work for another one
	 */
	void tellMeanwhile(ConnectionEvents events, String name, byte[] body, UnaryOperator<Runnable> inTrace) {
		try {
			events.add(name, body);
			Thread.ofVirtual().start(inTrace.apply(() -> {
				try {
					deliver(events);
				}
				catch (InterruptedException e) {
					Thread.currentThread().interrupt();
				}
			}));
		}
		catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private void deliver(ConnectionEvents events) throws InterruptedException {
		if (events.deliverDue() == Progress.STUCK) {
			redelivery.add(events);
		}
	}

	@Override
	public void close() {
		redelivery.close();
		store.close();
		dead.close();
	}
}
